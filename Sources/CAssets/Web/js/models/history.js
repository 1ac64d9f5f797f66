// Who changed what of a model, when and why: every alias, stage, deletion and name, newest first.
import { getJSON, paths } from "../api.js";
import { el, emptyState, problemBox, replace, setText } from "../dom.js";
import { count, wallTime } from "../format.js";
import { listen } from "../live.js";
import { makeTable } from "../parts/table.js";
import { go } from "../router.js";
import { throttled } from "../store.js";
import { t } from "../words.js";
import { changeWords, kindWord, reasonWord, withoutEchoes } from "./changes.js";
import { actorOf, actorText, wallZone } from "./names.js";

const narrow = matchMedia("(max-width: 700px)");
const most = 1000;

/** Runs of one pipeline are one author among the choices. */
const author = ({ actor }) => actorText(actor);

export const mountHistory = (place) => {
	let [context, changes] = [null, []];
	const filter = (key, choices) => {
		const select = el("select", { onchange: () => give({ [key]: select.value }) });
		return { key, select, choices };
	};
	const version = el("input", { type: "text", inputmode: "numeric", maxlength: 9, size: 6, autocomplete: "off", oninput: () => give({ version: version.value.trim() }) });
	const filters = [
		filter("kind", () => [...new Set(changes.map(({ kind }) => kind))].map((kind) => [kind, kindWord(kind)])),
		filter("alias", () => [...new Set(changes.map(({ alias }) => alias).filter(Boolean))].sort().map((alias) => [alias, alias])),
		filter("who", () => [...new Set(changes.map(author))].sort().map((who) => [who, who])),
	];
	const labels = [t`What`, t`Alias`, t`Who`];
	const nothing = el("div");
	const note = el("p", { class: "muted", role: "status" });
	const table = makeTable({ caption: t`History`, rowKey: ({ index }) => index });
	const bar = el("div", { class: "row filters" }, filters.map(({ select }, n) => el("label", { class: "field" }, labels[n], select)), el("label", { class: "field" }, t`Version`, version));
	place.append(el("section", { class: "card" }, bar, note, nothing, table.node));

	const give = (change) => go(context.href("history", { ...Object.fromEntries(context.query), ...change }), { replaces: true });

	const columns = () => [
		{ key: "at", label: t`When (${wallZone})`, cell: ({ at }) => el("span", { title: at }, wallTime(at)) },
		{ key: "what", label: t`What`, kind: "apart", cell: (change) => changeWords(context.name, change) },
		{ key: "who", label: t`Who`, kind: "apart", cell: ({ actor }) => actorOf(actor, narrow.matches) },
		{ key: "why", label: t`Why`, kind: "apart why", cell: ({ reason }) => el("span", { title: reason }, reasonWord(reason)) },
	].filter(({ key }) => !narrow.matches || key !== "why");

	const draw = () => {
		const wanted = Object.fromEntries(["kind", "alias", "who", "version"].map((key) => [key, context.query.get(key) ?? ""]));
		for (const { key, select, choices } of filters) {
			if (select.matches(":focus") && select.options.length > 0) continue;
			replace(select, el("option", { value: "" }, t`all`), choices().map(([value, text]) => el("option", { value }, text)));
			select.value = wanted[key];
		}
		if (!version.matches(":focus")) version.value = wanted.version;
		// Whoever asks for stages gets them all.
		const listed = wanted.kind === "stage" ? changes : withoutEchoes(changes);
		const rows = listed.filter((change) => (!wanted.kind || change.kind === wanted.kind) && (!wanted.alias || change.alias === wanted.alias) && (!wanted.who || author(change) === wanted.who)
			&& (!wanted.version || String(change.version) === wanted.version || String(change.previous_version) === wanted.version));
		bar.hidden = changes.length === 0;
		table.node.hidden = rows.length === 0;
		setText(note, changes.length === 0 ? "" : [rows.length === listed.length ? t`${count(rows.length)} changes.` : t`${count(rows.length)} of ${count(listed.length)} changes.`, changes.length === most && t`Older ones are not listed.`, wanted.kind !== "stage" && listed.length < changes.length && t`Stages that moved along with production are left out; choose "stage" to see them.`].filter(Boolean).join(" "));
		replace(nothing, changes.length === 0 ? emptyState(t`Nothing has been promoted, archived or deleted yet.`, t`Every change of an alias or a stage will stand here, with who made it and why.`)
			: rows.length === 0 && emptyState(t`No change is like that.`, t`Choose "all" again.`));
		table.set({ columns: columns(), rows });
	};
	const load = throttled(1000, async () => {
		if (!context) return;
		const mine = context.name;
		try {
			const answer = await getJSON(paths.modelHistory(mine));
			if (mine !== context.name) return;
			changes = answer.changes.map((change, n) => ({ ...change, index: answer.changes.length - n }));
			draw();
		} catch (error) {
			replace(nothing, problemBox(error));
		}
	});
	narrow.addEventListener("change", () => context && draw());
	for (const type of ["model", "gap"]) listen(type, () => context && place.checkVisibility() && load());
	return {
		show(next) {
			const isOther = next.name !== context?.name;
			if (isOther) changes = [];
			context = next;
			if (isOther || !table.node.checkVisibility()) load();
			else draw();
		},
	};
};
