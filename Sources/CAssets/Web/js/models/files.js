// The files of a version: sizes, downloads, and the signature that its MLmodel declares.
import { stream } from "../api.js";
import { el, emptyState, replace } from "../dom.js";
import { bytes, count } from "../format.js";
import { t } from "../words.js";

const largest = 256 * 1024;

/** One value of YAML as MLflow writes it: JSON in single quotes, folded over lines. */
const quotedValue = (text, key) => {
	const found = new RegExp(`^ {2}${key}: '((?:[^']|'')*)'`, "m").exec(text);
	if (!found) return null;
	try {
		return JSON.parse(found[1].replaceAll("''", "'").replace(/\n\s+/g, " "));
	} catch {
		return null;
	}
};

/** `{inputs, outputs, params}` of an MLmodel, each a list of `{name, type, …}` or null; null without a signature. */
const signatureOf = (text) => {
	const part = /^signature:\n((?: .*\n|\n)*)/m.exec(`${text}\n`)?.[1];
	if (!part) return null;
	const signature = Object.fromEntries(["inputs", "outputs", "params"].map((key) => [key, quotedValue(part, key)]));
	return Object.values(signature).some(Array.isArray) ? signature : null;
};

const typeName = ({ type, items, "tensor-spec": tensor }) => (tensor ? `${tensor.dtype} [${tensor.shape.join(", ")}]` : items ? t`list of ${typeName(items)}` : String(type));

const signatureTable = (signature) =>
	el("table", {}, el("caption", { class: "unseen" }, t`Signature`), el("thead", {}, el("tr", {}, [t`kind`, t`name`, t`type`].map((name) => el("th", { scope: "col" }, name)))),
		el("tbody", {}, [["inputs", t`input`], ["params", t`parameter`], ["outputs", t`output`]].flatMap(([key, word]) => (signature[key] ?? []).map((field) =>
			el("tr", {}, el("td", {}, word), el("td", { class: "path" }, field.name ?? "–"),
				el("td", {}, typeName(field), field.required === false || (field.default !== undefined && field.default !== null) ? el("span", { class: "muted" }, ` ${field.default !== undefined && field.default !== null ? t`default ${field.default}` : t`optional`}`) : null))))));

/** @returns `{node, signature, draw(story)}`: two cards */
export const makeFiles = () => {
	const [total, list, declared] = [el("p", { class: "muted" }), el("div", { class: "scroll" }), el("div")];
	const node = el("section", { class: "card" }, el("h2", {}, t`Files`), total, list);
	const signature = el("section", { class: "card" }, el("h2", {}, t`Signature`), declared);
	let key = "";

	const showSignature = async ({ files, name, version }) => {
		const file = files.find(({ path }) => path === "MLmodel");
		signature.hidden = true;
		if (!file || file.bytes > largest) return;
		const mine = `${name} ${version}`;
		try {
			const found = signatureOf(await (await stream(file.url)).text());
			if (!key.startsWith(mine)) return;
			replace(declared, found ? signatureTable(found) : el("p", { class: "muted" }, t`Its MLmodel declares none.`));
			signature.hidden = false;
		} catch {
			// The file can still be downloaded; what it declares is then read there.
		}
	};
	const draw = (story) => {
		const wanted = `${story.name} ${story.version} ${story.files.length}`;
		if (wanted === key) return;
		key = wanted;
		replace(total, story.files.length === 1 ? t`1 file, ${bytes(story.bytes)}` : story.files.length > 0 && t`${count(story.files.length)} files, ${bytes(story.bytes)}`);
		replace(list, story.files.length === 0 ? emptyState(t`No files of it are kept here.`, story.source ? t`Its source is ${story.source}.` : null)
			: el("table", {}, el("caption", { class: "unseen" }, t`Files`), el("tbody", {}, story.files.map(({ path, bytes: size, url }) => el("tr", {},
				el("th", { scope: "row", class: "path" }, el("a", { href: url, download: path.split("/").at(-1) }, path)), el("td", { class: "number", title: size }, bytes(size)))))));
		showSignature(story);
	};
	return { node, signature, draw };
};
