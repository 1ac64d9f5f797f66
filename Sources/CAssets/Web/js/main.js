// Brings the shell to life: the pages, the one stream of events, the language.
import { byId, setText } from "./dom.js";
import { startHelp } from "./help.js";
import { start } from "./live.js";
import { go, startRouter } from "./router.js";
import { pageOfRunInAddress } from "./runs.js";
import { state, watch } from "./store.js";
import { language, t } from "./words.js";

document.documentElement.lang = language;

const words = { connecting: t`connecting…`, live: t`live`, lost: t`connection lost, trying again…` };
watch(["connection"], () => {
	byId("connection").dataset.connection = state.connection;
	setText(byId("connection"), words[state.connection]);
});

startHelp();

start();
// A notification's address leads to the run's own page, which says more of it than Today.
const page = await pageOfRunInAddress();
if (page) history.replaceState(null, "", page);
startRouter();
addEventListener("hashchange", async () => {
	const page = await pageOfRunInAddress();
	if (page) go(page, { replaces: true });
});
