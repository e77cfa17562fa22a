import { createHash } from "node:crypto";
import { clientScript } from "./client-script.js";
import { Html, html } from "./html.js";
import { FONT_FACES } from "./page-font.js";
import { STYLE } from "./style.js";

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  readonly header: Html;
  readonly body: Html;
}

/** One file that needs nothing beside it: script, style and font are in it, and its policy forbids it to load anything. */
export function page({ title, header, body }: PageParts): string {
  const script = clientScript();
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    "font-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(FONT_FACES + STYLE)}</style>
</head>
<body>
<header>${header}</header>
<main>${body}</main>
<script>${new Html(script)}</script>
</body>
</html>
`.text;
}
