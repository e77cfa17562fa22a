/** What the threads of piscina load. */
export { computePoint as default } from "../../../workloads/stencil-1d.js";
