// The Korean texts, by their English ones; a table for each page. `{}` are the values in their order, `{0}` by their place.
import common from "./common.js";
import models from "./models.js";
import parts from "./parts.js";
import pipelines from "./pipelines.js";
import recommend from "./recommend.js";
import shell from "./shell.js";
import today from "./today.js";

export default { ...common, ...models, ...parts, ...pipelines, ...recommend, ...shell, ...today };
