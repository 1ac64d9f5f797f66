// The Korean texts, by their English ones; a table for each page. `{}` are the values in their order, `{0}` by their place.
import common from "./common.js";
import data from "./data.js";
import experiments from "./experiments.js";
import models from "./models.js";
import parts from "./parts.js";
import pipelines from "./pipelines.js";
import recommend from "./recommend.js";
import shell from "./shell.js";
import system from "./system.js";
import today from "./today.js";

export default { ...common, ...data, ...experiments, ...models, ...parts, ...pipelines, ...recommend, ...shell, ...system, ...today };
