// A command for the terminal, with a button that copies it.
import { copyButton, el } from "../dom.js";
import { t } from "../words.js";

/** A word as the shell takes it. */
export const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export const command = (text) =>
	el("div", { class: "command" }, el("code", { tabindex: 0 }, text), copyButton(t`Copy`, () => text));
