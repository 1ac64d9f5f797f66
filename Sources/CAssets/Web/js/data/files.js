// What lies on the disk: the source, the columnar log, lines that were left out, the licence, and other datasets.
import { getJSON, paths } from "../api.js";
import { el, emptyState, problemBox, replace } from "../dom.js";
import { bytes, count } from "../format.js";
import { command, quoted } from "../parts/command.js";
import { slot, t, weave } from "../words.js";

const contents = {
	"timestamps.u32": t`when: seconds since 1970, ascending`,
	"users.u32": t`who: a place in the table of people`,
	"items.u32": t`what: a place in the table of films`,
	"stars.f32": t`the stars, 0.5 to 5`,
	"user_rows.u32": t`the rows of each person`,
	"user_offsets.u64": t`where each person's rows begin`,
	"days.u64": t`the first row of each day`,
	"user_ids.txt": t`the ids of the people`,
	"item_ids.txt": t`the ids of the films`,
	"manifest.json": t`how many of everything, and the source's hash`,
};
const forms = { csv: "CSV", doubleColon: t`fields between ::`, tabs: t`fields between tabs` };

const section = (id, title, ...children) => el("section", { class: "card", "aria-labelledby": id }, el("h2", { id }, title), children);

const fileTable = (caption, files, describe) => {
	const total = files.reduce((sum, { bytes: size }) => sum + (size ?? 0), 0);
	const row = ({ path, bytes: size }) => el("tr", {},
		el("th", { scope: "row", class: describe ? "name" : "path" }, path), describe && el("td", { class: "muted" }, describe(path)),
		el("td", { class: "number", title: size === null ? null : `${count(size)} bytes` }, size === null ? t`gone` : bytes(size)));
	return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, el("table", {}, el("caption", { class: "unseen" }, caption),
		el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t`File`), describe && el("th", { scope: "col" }, t`Holds`), el("th", { scope: "col", class: "number" }, t`Size`))),
		el("tbody", {}, files.map(row)),
		el("tfoot", {}, el("tr", {}, el("th", { scope: "row", colspan: describe ? 2 : 1 }, t`All`), el("td", { class: "number" }, bytes(total))))));
};

const store = (data) => section("store-title", t`The columnar log`,
	el("p", { class: "muted" }, t`The source was read once into columns sorted by time; what has arrived is simply how many rows count. ${count(data.ratings)} rows over ${count(data.days)} days, in ${data.log_folder}.`),
	fileTable(t`Files of the log`, data.log_files, (name) => contents[name] ?? ""));

const source = (data) => section("source-title", t`The source`,
	fileTable(t`Files of the source`, data.source_files),
	el("dl", { class: "pairs" }, el("div", {}, el("dt", {}, t`Form`), el("dd", {}, forms[data.form] ?? data.form)),
		el("div", {}, el("dt", {}, "SHA-256"), el("dd", {}, el("code", {}, data.content_hash)))));

const licence = ({ dataset, licence: terms, readme }) => section("licence-title", t`Licence`,
	terms
		? [el("p", {}, el("b", {}, `${dataset}: ${terms.name}`)), el("ul", { class: "terms", lang: "en" }, terms.terms.map((term) => el("li", {}, term)))]
		: emptyState(t`The program does not know the licence of ${dataset}.`, readme ? t`Read what came with it:` : t`Ask whoever gave you the data under which terms you may use them.`),
	readme && el("p", { class: "muted path" }, t`In full: ${readme}`));

const rejected = ({ rejected: bad, total, path, lines }) => section("rejected-title", t`Rejected lines`,
	bad === 0
		? el("p", {}, t`None: all ${count(total)} lines of the source are ratings.`)
		: [el("p", {}, weave(t`${slot(0)} were no ratings and were left out.`, el("b", {}, t`${count(bad)} of ${count(total)} lines`))),
			path && el("p", { class: "muted path" }, t`They were put aside in ${path}.`),
			lines.length > 0 && el("div", { class: "scroll tall", tabindex: 0, role: "region", "aria-label": t`Rejected lines` }, el("table", {},
				el("thead", {}, el("tr", {}, el("th", { scope: "col", class: "number" }, t`Line`), el("th", { scope: "col" }, t`What is wrong`), el("th", { scope: "col" }, t`The line`))),
				el("tbody", {}, lines.map(({ line, problem, text }) => el("tr", {}, el("td", { class: "number" }, count(line)), el("td", {}, problem), el("td", { class: "path" }, el("code", {}, text)))))))]);

const offer = ({ name, path, ratings, megabytes, licence: terms, can_be_fetched: isPublic }, active) => {
	const home = `var-${name}`;
	const start = path ? `mlstack up --home ${quoted(home)} --dataset ${quoted(path)}` : `mlstack up --home ${quoted(home)} --dataset ${quoted(name)}`;
	const isActive = name === active;
	return el("li", {},
		el("p", {}, el("b", { class: "path" }, name), isActive && el("span", { class: "badge strong" }, t`replayed now`), !isActive && path && el("span", { class: "badge" }, t`on this disk`),
			el("span", { class: "muted" }, ` ${[ratings && t`${count(ratings)} ratings`, isPublic && megabytes && t`about ${megabytes} MB to fetch`, terms?.name].filter(Boolean).join(" · ")}`)),
		!isActive && [isPublic && !path && command(`mlstack data fetch ${quoted(name)} --home ${quoted(home)}`), command(start)]);
};

const others = (offers, active) => section("others-title", t`Other datasets`,
	el("p", { class: "muted" }, t`A home replays one dataset for good, so that its history stays true: another one gets a home of its own. Fetching shows the licence first.`),
	el("ul", { class: "offers" }, offers.map((each) => offer(each, active))),
	el("p", { class: "muted spaced" }, t`Your own: a MovieLens folder, a .zip of one, or a ratings file as .csv, .dat or .gz.`),
	command("mlstack data validate ratings.csv"), command("mlstack data import ratings.csv --name mine --home var-mine"), command("mlstack up --home var-mine --dataset mine"));

export const mountFiles = (node) => {
	let isLoaded = false;
	const load = async () => {
		if (isLoaded) return;
		try {
			const [data, bad, { datasets }] = await Promise.all([getJSON(paths.data), getJSON(paths.rejected(50)), getJSON(paths.availableDatasets)]);
			isLoaded = true;
			replace(node, el("div", { class: "halves" }, licence(data), rejected(bad)), el("div", { class: "halves" }, store(data), source(data)), others(datasets, data.dataset));
		} catch (error) {
			replace(node, problemBox(error));
		}
	};
	return load;
};
