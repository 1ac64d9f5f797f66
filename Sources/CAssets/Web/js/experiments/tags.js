// A run's note and its tags: one's own can be changed, those of programs are read.
import { button, el, emptyState, problemBox, replace, replaceWhen } from "../dom.js";
import { confirmFirst } from "../dialog.js";
import { orders } from "../mlflow.js";
import { t } from "../words.js";
import { isOwnTag, noteTag } from "./names.js";
import { shortName } from "./orders.js";

/** What was tried, and what came of it: MLflow's own tag for that. */
export const writeNote = (run, done) => {
	const area = el("textarea", { autofocus: true, maxlength: 8000, "aria-label": t`Note` });
	area.value = run.tags[noteTag] ?? "";
	confirmFirst({
		title: t`Note on ${shortName(run.name)}`,
		fields: el("div", { class: "fields" }, area),
		verb: t`Save`,
		act: async () => done(await orders.setTag(run.id, noteTag, area.value)),
	});
};

const removeTag = (run, key, done) =>
	confirmFirst({
		title: t`Remove the tag ${shortName(key)}?`,
		consequences: [t`Its value is gone: ${shortName(run.tags[key])}`],
		verb: t`Remove`,
		act: async () => done(await orders.deleteTag(run.id, key)),
	});

const changeTag = (run, key, done) => {
	const area = el("textarea", { autofocus: true, maxlength: 8000, "aria-label": t`Value` });
	area.value = run.tags[key];
	confirmFirst({ title: t`Tag ${shortName(key)}`, fields: el("div", { class: "fields" }, area), verb: t`Save`, act: async () => done(await orders.setTag(run.id, key, area.value)) });
};

/** @param changed called after a change @returns `{node, note, draw(run)}`: the tags' table and the note's card */
export const makeTags = (changed) => {
	const note = el("section", { class: "card" });
	const table = el("div");
	const programs = el("details", { class: "spaced" });
	const refusal = el("div");
	const key = el("input", { type: "text", placeholder: t`name`, "aria-label": t`Name of the tag`, maxlength: 250, autocomplete: "off" });
	const value = el("input", { type: "text", placeholder: t`value`, "aria-label": t`Value of the tag`, maxlength: 8000, autocomplete: "off" });
	const submit = el("button", { type: "submit" }, t`Set the tag`);
	const form = el("form", { class: "row spaced" }, key, value, submit);
	const node = el("div", {}, table, form, refusal, programs);
	let run = null;

	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		submit.disabled = true;
		try {
			await orders.setTag(run.id, key.value.trim(), value.value);
			replace(refusal);
			[key.value, value.value] = ["", ""];
			key.focus();
			changed();
		} catch (error) {
			replace(refusal, problemBox(error));
		} finally {
			submit.disabled = false;
		}
	});

	const row = (name, actions) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, run.tags[name]), actions && el("td", { class: "number" }, actions));
	const draw = (next) => {
		if (run?.id !== next.id) replace(refusal);
		run = next;
		const text = run.tags[noteTag];
		form.hidden = run.isDeleted;
		note.hidden = !text;
		replaceWhen(note, JSON.stringify([run.id, text, run.isDeleted]), () => [el("div", { class: "row between" }, el("h2", {}, t`Note`),
			!run.isDeleted && button(t`Change the note…`, "small", () => writeNote(run, changed))), el("p", { class: "note" }, text)]);
		replaceWhen(table, JSON.stringify([run.id, run.tags, run.isDeleted]), () => {
			const mine = Object.keys(run.tags).filter((name) => !isOwnTag(name)).sort();
			return mine.length === 0 ? emptyState(t`No tags of your own.`) : el("div", { class: "scroll" }, el("table", { class: "values" },
				el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t`Tag`), el("th", { scope: "col" }, t`Value`), el("th", { scope: "col" }, el("span", { class: "unseen" }, t`actions`)))),
				el("tbody", {}, mine.map((name) => row(name, !run.isDeleted && el("span", { class: "row end-row" }, button([t`Change…`, el("span", { class: "unseen" }, ` ${name}`)], "small", () => changeTag(run, name, changed)),
					button([t`Remove…`, el("span", { class: "unseen" }, ` ${name}`)], "small", () => removeTag(run, name, changed))))))));
		});
		replaceWhen(programs, JSON.stringify([run.id, run.tags]), () => {
			const names = Object.keys(run.tags).filter((name) => isOwnTag(name) && name !== noteTag).sort();
			return [el("summary", {}, t`Tags that programs wrote (${names.length})`), el("div", { class: "scroll" }, el("table", { class: "values" }, el("tbody", {}, names.map((name) => row(name)))))];
		});
	};
	return { node, note, draw };
};
