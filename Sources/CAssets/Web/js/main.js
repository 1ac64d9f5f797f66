// Puts the components on the page, then brings it to life.
import { byId, setText } from "./dom.js";
import { start } from "./live.js";
import { showRunOfAddress } from "./runs.js";
import { state, watch } from "./store.js";
import { mountAttention } from "./today/attention.js";
import { mountClock } from "./today/clock.js";
import { mountDrift } from "./today/drift.js";
import { mountFlow } from "./today/flow.js";
import { mountHappened } from "./today/happened.js";
import { mountPerson } from "./today/person.js";
import { mountQuality } from "./today/quality.js";
import { mountServing } from "./today/serving.js";
import { mountTask } from "./today/task.js";
import { mountVersions } from "./today/versions.js";

const words = { connecting: "connecting…", live: "live", lost: "connection lost, trying again…" };
watch(["connection"], () => {
	byId("connection").dataset.connection = state.connection;
	setText(byId("connection"), words[state.connection]);
});

mountClock();
mountAttention();
mountFlow();
mountTask();
mountQuality();
mountDrift();
mountServing();
mountHappened();
mountPerson();
mountVersions();
start();
addEventListener("hashchange", showRunOfAddress);
showRunOfAddress();
