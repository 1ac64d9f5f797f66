// Puts the components on the page, then brings it to life.
import { start } from "./live.js";
import { mountAttention } from "./today/attention.js";
import { mountClock } from "./today/clock.js";
import { mountConnection } from "./today/connection.js";
import { mountFlow } from "./today/flow.js";
import { mountHappened } from "./today/happened.js";
import { mountPerson } from "./today/person.js";
import { mountQuality } from "./today/quality.js";
import { mountServing } from "./today/serving.js";
import { mountTask } from "./today/task.js";
import { mountVersions } from "./today/versions.js";

for (const mount of [
  mountConnection, mountClock, mountAttention, mountFlow, mountTask, mountQuality, mountServing, mountHappened,
  mountPerson, mountVersions,
]) {
  mount();
}
start();
