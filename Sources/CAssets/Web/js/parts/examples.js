// Ready pipelines that can be added to those of the home.
import { getJSON, paths, post } from "../api.js";
import { showDialog } from "../dialog.js";
import { button, byId, el, problemBox, replace } from "../dom.js";
import { t } from "../words.js";

const row = (example, refusal, done) => {
	const add = button(example.installed ? t`Added` : t`Add`, "small", async () => {
		add.disabled = true;
		replace(refusal);
		try {
			await post(paths.example(example.name));
			byId("dialog").close();
			done(example.name);
		} catch (error) {
			add.disabled = false;
			replace(refusal, problemBox(error));
		}
	});
	add.disabled = example.installed;
	add.setAttribute("aria-label", `${add.textContent} ${example.name}`);
	const text = el("pre", {}, example.files.map((file) => file.text).join("---\n"));
	return el("li", {}, el("div", { class: "row between" }, el("b", {}, example.name), add), el("p", {}, example.description),
		el("details", {}, el("summary", {}, t`Its file`), text));
};

/** A button that opens the list; `done(name)` is called once one was added. */
export const exampleButton = (done) => button(t`Add an example…`, "small", async () => {
	const [list, refusal] = [el("ul", { class: "examples" }), el("div")];
	showDialog(t`Pipelines to begin with`, list, refusal);
	try {
		const { examples } = await getJSON(paths.examples);
		replace(list, examples.map((example) => row(example, refusal, done)));
	} catch (error) {
		replace(refusal, problemBox(error));
	}
});
