// One dialog that says what will happen, and asks.
import { button, byId, el, problemBox, replace } from "./dom.js";
import { t } from "./words.js";

const focusable = "button:enabled, a[href], input, select";

/** Opens it; at its end the focus goes back to where it was, or, when that was drawn anew meanwhile, to what is nearest to it. */
const open = (dialog, first) => {
	const around = [];
	for (let node = document.activeElement; node && node !== document.body; node = node.parentElement) around.push(node);
	const findFocus = () => {
		if (document.activeElement !== document.body) return;
		const near = around.find((node) => node.isConnected && node.querySelector(focusable));
		near?.querySelector(focusable)?.focus();
	};
	dialog.showModal();
	first.focus();
	dialog.addEventListener("close", () => setTimeout(findFocus), { once: true });
};

/**
 * Opens the dialog. `consequences` are sentences on what will happen; `act` does it. The dialog stays, with the API's
 * words, when `act` is refused. `fields` is what is to be filled in, if anything: an input with `autofocus` has the focus,
 * else "Cancel" has it, and Enter in an input acts. Escape and "Cancel" (or what `leave` says) change nothing; focus returns to where it was.
 */
export const confirmFirst = ({ title, consequences = [], fields = [], verb, leave = t`Cancel`, act }) => {
	const dialog = byId("dialog");
	const [form, refusal] = [el("div", {}, fields), el("div")];
	const cancel = button(leave, null, () => dialog.close());
	const go = button(verb, "primary", async () => {
		go.disabled = true;
		replace(refusal);
		try {
			await act();
			dialog.close();
		} catch (error) {
			replace(refusal, problemBox(error));
		} finally {
			go.disabled = false;
		}
	});
	replace(
		dialog,
		el("h2", { id: "dialog-title" }, title),
		consequences.length > 0 && el("ul", {}, consequences.map((sentence) => el("li", {}, sentence))),
		form,
		refusal,
		el("div", { class: "row end" }, cancel, go),
	);
	form.addEventListener("keydown", (event) => {
		if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return;
		event.preventDefault();
		go.click();
	});
	const first = form.querySelector("[autofocus]");
	open(dialog, first ?? cancel);
	first?.select();
};

/** Opens the dialog to tell something; Escape and "Close" end it. */
export const showDialog = (title, ...content) => {
	const dialog = byId("dialog");
	const close = button(t`Close`, null, () => dialog.close());
	replace(dialog, el("h2", { id: "dialog-title" }, title), content, el("div", { class: "row end" }, close));
	open(dialog, close);
};
