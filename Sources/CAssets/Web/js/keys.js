// Keys that work on every page, what they are, and the way to switch off those without Ctrl.
import { el } from "./dom.js";
import { showDialog } from "./dialog.js";
import { go, pages } from "./router.js";
import { t } from "./words.js";

const remembered = "single-keys";

/** Whoever dictates to a computer, or has trouble hitting one key, can do without them (WCAG 2.1.4). */
let areSingleKeysOn = (() => {
	try {
		return localStorage.getItem(remembered) !== "off";
	} catch {
		return true;
	}
})();

const letters = new Map([["t", "/"], ["p", "/pipelines"], ["e", "/experiments"], ["m", "/models"], ["r", "/recommend"], ["d", "/data"], ["s", "/system"]]);

export const showKeys = () => {
	const line = (keys, text) => el("div", {}, el("dt", {}, keys.map((key, n) => [n > 0 && " ", el("kbd", {}, key)])), el("dd", {}, text));
	const box = el("input", { type: "checkbox", checked: areSingleKeysOn, onchange: () => {
		areSingleKeysOn = box.checked;
		try {
			localStorage.setItem(remembered, areSingleKeysOn ? "on" : "off");
		} catch {
			// Private windows may refuse storage; the choice then holds for this page alone.
		}
	} });
	showDialog(t`Keys`,
		el("dl", { class: "keys" },
			line(["Ctrl", "K"], t`Go anywhere, or tell the clock`), line(["/"], t`the same`), line(["?"], t`These keys`),
			[...letters].map(([letter, path]) => line(["g", letter], pages.find((page) => page.path === path).name)),
			line(["Esc"], t`Close what is open`), line(["Tab"], t`From one thing to the next; arrow keys within charts, lists and choices`)),
		el("label", { class: "row" }, box, t`Keys without Ctrl are on`));
};

const isTyping = ({ target }) => target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=combobox]");

/** The Latin letter of a key, also while Hangul is being written with it. */
const letterOf = ({ key, code }) => (/^[a-z]$/i.test(key) ? key.toLowerCase() : code?.startsWith("Key") ? code[3].toLowerCase() : key);

/** @param openPalette opens or closes the palette */
export const startKeys = (openPalette) => {
	let isGoing = false;
	addEventListener("keydown", (event) => {
		if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && letterOf(event) === "k") {
			event.preventDefault();
			return openPalette();
		}
		if (!areSingleKeysOn || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event) || document.querySelector("dialog[open]")) return;
		const path = isGoing && letters.get(letterOf(event));
		isGoing = letterOf(event) === "g";
		if (path) go(path);
		else if (event.key === "?") showKeys();
		else if (event.key === "/") openPalette();
		else return;
		event.preventDefault();
	});
};
