// Above the lists: which genre, which version, and which other beside it.
import { getJSON, paths } from "../api.js";
import { el, replace } from "../dom.js";
import { shortDay } from "../format.js";
import { t } from "../words.js";

const listedVersions = 200;

/** The versions of the model that answers, newest first. */
const versionsOf = async () => {
	const [serving, { models }] = await Promise.all([getJSON(paths.serving), getJSON(paths.models)]);
	const name = serving.model?.name ?? models[0]?.name;
	return name ? (await getJSON(paths.modelNumbers(name, listedVersions))).versions : [];
};

const versionName = ({ version, aliases, simulated_date: day }) =>
	[t`version ${version}`, aliases?.join(", "), day && shortDay(day)].filter(Boolean).join(" · ");

/**
 * @param choose called with the question as it is now wanted
 * @returns `{node, show(question), refresh()}`
 */
export const makeControls = (choose) => {
	const genre = el("select", { onchange: () => give({ genre: genre.value || null }) });
	const one = el("select", { onchange: () => give({ versions: [number(one), ...question.versions.slice(1)] }) });
	const other = el("select", { onchange: () => give({ versions: other.value === "" ? [question.versions[0]] : [question.versions[0], number(other)] }) });
	const node = el("div", { class: "row controls" },
		el("label", { class: "field" }, t`Genre`, genre), el("label", { class: "field" }, t`Version`, one), el("label", { class: "field" }, t`Compare with`, other));
	let question = { genre: null, versions: [null] };
	let [genres, versions] = [[], []];

	const number = ({ value }) => (value === "live" ? null : Number(value));
	const give = (change) => choose({ ...question, ...change });

	const fill = (select, options, value) => {
		replace(select, options.map(([key, text]) => el("option", { value: key }, text)));
		select.value = value;
	};
	const draw = () => {
		const wanted = question.genre && !genres.includes(question.genre) ? [question.genre, ...genres] : genres;
		fill(genre, [["", t`all`], ...wanted.map((name) => [name, name])], question.genre ?? "");
		const known = new Set(versions.map(({ version }) => version));
		// One that an address names may be older than the list goes, or not be there; the answer will say which.
		const unlisted = question.versions.filter((version) => version !== null && !known.has(version)).map((version) => ({ version }));
		const options = [["live", t`what answers now`], ...[...versions, ...unlisted].map((each) => [String(each.version), versionName(each)])];
		fill(one, options, String(question.versions[0] ?? "live"));
		fill(other, [["", t`nothing`], ...options], question.versions.length > 1 ? String(question.versions[1] ?? "live") : "");
	};

	const refresh = async () => {
		// Without them the page still answers; the lists say what is wrong.
		[genres, versions] = await Promise.all([genres.length > 0 ? genres : getJSON(paths.genres).then((answer) => answer.genres, () => []), versionsOf().catch(() => versions)]);
		if (!node.contains(document.activeElement)) draw();
	};
	const show = (next) => {
		question = next;
		draw();
	};
	return { node, show, refresh };
};
