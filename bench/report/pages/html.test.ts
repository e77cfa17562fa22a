import { expect, test } from "vitest";
import { Html, html, jsonScript } from "./html.js";
import { hostileNames } from "./report.fixture.js";

test("what is put into markup is text, unless it is markup itself", () => {
  const cells = ["<b>", "&"].map((cell) => html`<td>${cell}</td>`);
  expect(html`<tr title="${'"x'}">${cells}${false}${undefined}${1}</tr>`.text).toBe(
    '<tr title="&quot;x"><td>&lt;b&gt;</td><td>&amp;</td>1</tr>',
  );
  expect(html`${new Html("<hr>")}`.text).toBe("<hr>");
});

test("control characters become visible, lines stay", () => {
  expect(html`${"\u001b[31mred\u0007\nnext\t\u009b"}`.text).toBe("\ufffd[31mred\ufffd\nnext\t\ufffd");
});

test("JSON for scripts holds the same value and no way out of its element", () => {
  const value = { names: [...hostileNames], none: Number.NaN };
  const { text } = jsonScript("names", value);
  const json = /^<script type="application\/json" id="names">(.*)<\/script>$/s.exec(text)![1]!;
  expect(json).not.toContain("<");
  expect(JSON.parse(json)).toEqual({ names: [...hostileNames], none: null });
});
