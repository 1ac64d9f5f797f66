// A command for the terminal, with a button that copies it.
import { copyButton, el, setText } from "../dom.js";
import { t } from "../words.js";

/** A word as the shell takes it. */
export const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** One whose text changes: `{node, show(text)}`. */
export const makeCommand = () => {
	const code = el("code", { tabindex: 0 });
	return { node: el("div", { class: "command" }, code, copyButton(t`Copy`, () => code.textContent)), show: (text) => setText(code, text) };
};

export const command = (text) => {
	const { node, show } = makeCommand();
	show(text);
	return node;
};
