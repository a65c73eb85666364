// What can be seen of a playground network: all of it at once, on the stage. It needs no tabs.

export { Stage } from "./mlp_stage.js";
export const views = {};
