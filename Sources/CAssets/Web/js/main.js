// Brings the shell to life: the pages, the one stream of events, the language, keys and help.
import { button, byId, el, setAttribute, setText } from "./dom.js";
import { makeFoot } from "./foot.js";
import { showKeys, startKeys } from "./keys.js";
import { start } from "./live.js";
import { go, startRouter } from "./router.js";
import { pageOfRunInAddress } from "./runs.js";
import { state, watch } from "./store.js";
import { offerTour, startTour } from "./tour.js";
import { language, speak, t } from "./words.js";

document.documentElement.lang = language;

const words = { connecting: t`connecting…`, live: t`live`, lost: t`connection lost, trying again…` };
watch(["connection"], () => {
	byId("connection").dataset.connection = state.connection;
	setText(byId("connection"), words[state.connection]);
});

const languages = el("select", { "aria-label": t`Language`, onchange: () => speak(languages.value) },
	el("option", { value: "en", lang: "en" }, "English"), el("option", { value: "ko", lang: "ko" }, "한국어"));
languages.value = language;

// What the page says before this script runs is English.
setText(document.querySelector(".skip"), t`Skip to the content`);
setAttribute(byId("pages"), "aria-label", t`Pages`);
[t`Theme`, t`System`, t`Light`, t`Dark`].forEach((text, n) => setText(byId("theme").querySelectorAll("legend, span")[n], text));

let opening = null;
const openPalette = async () => {
	opening ??= import("./palette.js").then(({ makePalette }) => makePalette([
		{ kind: "action", label: t`Keys`, run: showKeys, opens: true }, { kind: "action", label: t`Tour`, run: startTour, opens: true },
		{ kind: "action", label: t`Language: English`, run: () => speak("en") }, { kind: "action", label: t`Language: Korean`, run: () => speak("ko") },
	]));
	try {
		(await opening)();
	} catch {
		// Could not be fetched: the next press asks again.
		opening = null;
	}
};
byId("tools").append(button([t`Search`, " ", el("kbd", {}, "Ctrl K")], "small", openPalette), languages);
byId("content").after(makeFoot());

start();
// A notification's address leads to the run's own page, which says more of it than Today.
const page = await pageOfRunInAddress();
if (page) history.replaceState(null, "", page);
startRouter();
addEventListener("hashchange", async () => {
	const page = await pageOfRunInAddress();
	if (page) go(page, { replaces: true });
});
startKeys(openPalette);
offerTour();
