// The Korean texts, by their English ones; a table for each page. `{}` are the values in their order, `{0}` by their place.
import common from "./common.js";
import pipelines from "./pipelines.js";
import today from "./today.js";

export default { ...common, ...today, ...pipelines };
