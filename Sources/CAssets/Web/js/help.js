// Help that is there on every page: the palette, keys, the tour, and the foot with the ways to the same facts for programs.
import { button, byId, el, setAttribute, setText } from "./dom.js";
import { showKeys, startKeys } from "./keys.js";
import { offerTour, startTour } from "./tour.js";
import { language, speak, t } from "./words.js";

/** What the page says before a script runs is English. */
const translateShell = () => {
	setText(document.querySelector(".skip"), t`Skip to the content`);
	setAttribute(byId("pages"), "aria-label", t`Pages`);
	const texts = byId("theme").querySelectorAll("legend, span");
	[t`Theme`, t`System`, t`Light`, t`Dark`].forEach((text, n) => setText(texts[n], text));
};

const actions = () => [
	{ kind: "action", label: t`Keys`, run: showKeys, opens: true }, { kind: "action", label: t`Tour`, run: startTour, opens: true },
	{ kind: "action", label: t`Language: English`, run: () => speak("en") }, { kind: "action", label: t`Language: Korean`, run: () => speak("ko") },
];

let opening = null;

const openPalette = async () => {
	opening ??= import("./palette.js").then(({ makePalette }) => makePalette(actions()));
	try {
		(await opening)();
	} catch {
		// Could not be fetched: the next press asks again.
		opening = null;
	}
};

export const startHelp = () => {
	translateShell();
	byId("tools").append(button([t`Search`, " ", el("kbd", {}, "Ctrl K")], "small", openPalette));
	// The same page, as it is at the moment of the click.
	const plain = el("a", { href: "/plain", onclick: () => setAttribute(plain, "href", `/plain${location.pathname === "/" ? "" : location.pathname}`) }, t`Plain pages`);
	const foot = el("footer", { class: "foot muted" },
		el("a", { href: "/docs" }, t`API`), el("a", { href: "/openapi.json" }, "OpenAPI"), plain,
		button(t`Keys`, "link", showKeys), button(t`Tour`, "link", startTour));
	byId("content").after(foot);
	const languages = el("select", { "aria-label": t`Language`, onchange: () => speak(languages.value) },
		el("option", { value: "en", lang: "en" }, "English"), el("option", { value: "ko", lang: "ko" }, "한국어"));
	languages.value = language;
	// On a phone the head is for going places; what is chosen once stands at the foot.
	const narrow = matchMedia("(max-width: 620px)");
	const placeChoices = () => {
		if (narrow.matches) return foot.append(languages, byId("theme"));
		byId("tools").append(languages);
		byId("tools").after(byId("theme"));
	};
	placeChoices();
	narrow.addEventListener("change", placeChoices);
	startKeys(openPalette);
	offerTour();
};
