// What is in a file: text, a table, folded JSON or an image. Nothing of it is ever a document of this page: text becomes
// text nodes, and an image is drawn from bytes that begin like one.
import { getBytes } from "../api.js";
import { el, problemBox, replace } from "../dom.js";
import { bytes } from "../format.js";
import { makeTable } from "../parts/table.js";
import { t } from "../words.js";
import { parseRows } from "./csv.js";
import { jsonTree, tableOf } from "./jsonTree.js";

const mostText = 256 * 1024;
const mostWhole = 4 * 1024 * 1024;
const mostImage = 20 * 1024 * 1024;

const images = { png: ["image/png", [0x89, 0x50, 0x4e, 0x47]], jpg: ["image/jpeg", [0xff, 0xd8, 0xff]], jpeg: ["image/jpeg", [0xff, 0xd8, 0xff]], gif: ["image/gif", [0x47, 0x49, 0x46, 0x38]], webp: ["image/webp", [0x52, 0x49, 0x46, 0x46]] };
const ending = (path) => path.split("/").at(-1).split(".").slice(1).at(-1)?.toLowerCase() ?? "";

const dataAddress = (buffer, type) =>
	new Promise((done, fail) => {
		const reader = new FileReader();
		reader.onload = () => done(reader.result);
		reader.onerror = () => fail(reader.error);
		reader.readAsDataURL(new Blob([buffer], { type }));
	});

const image = async ({ path, size, address }, signal) => {
	if (size > mostImage) return el("p", { class: "muted" }, t`Too large to be shown here; download it.`);
	const [type, beginning] = images[ending(path)];
	const buffer = await getBytes(address, null, signal);
	const first = new Uint8Array(buffer, 0, Math.min(buffer.byteLength, beginning.length));
	if (!beginning.every((byte, n) => first[n] === byte)) return el("p", { class: "muted" }, t`This is no image, whatever its name says; download it to look into it.`);
	return el("img", { src: await dataAddress(buffer, type), alt: t`Image ${path}` });
};

/** Text of UTF-8, or null for bytes that are none; the last letter may be cut. */
const textOf = (buffer) => {
	const view = new Uint8Array(buffer);
	if (view.subarray(0, 8192).includes(0)) return null;
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(view, { stream: true });
	} catch {
		return null;
	}
};

const rowsTable = (caption, [head, ...rows]) => {
	const columns = head.map((label, n) => ({ key: String(n), label, cell: ({ values }) => el("span", { class: "cut", title: values[n] }, values[n] ?? "") }));
	const numbered = rows.map((values, index) => ({ index, values }));
	const table = makeTable({ caption, rowKey: ({ index }) => index });
	table.set({ columns, rows: numbered });
	return table.node;
};

const partial = (shown, size) => shown < size && el("p", { class: "muted" }, t`The first ${bytes(shown)} of ${bytes(size)}; download it for the rest.`);

/** JSON and tables are read whole, up to a size; text from its beginning. */
const words = async ({ path, size, address }, signal) => {
	const kind = ending(path);
	const isWhole = (kind === "json" || kind === "csv" || kind === "tsv") && size <= mostWhole;
	const length = isWhole ? size : Math.min(size, mostText);
	const buffer = await getBytes(address, length < size ? [0, length - 1] : null, signal);
	const text = textOf(buffer);
	if (text === null) return el("p", { class: "muted" }, t`These are bytes, not text; download it to look into it.`);
	const rest = partial(buffer.byteLength, size);
	if (kind === "csv" || kind === "tsv") {
		const rows = parseRows(text, kind === "tsv" ? "\t" : ",");
		// The last row of a part may be cut.
		if (rest) rows.pop();
		if (rows.length > 1) return [rest, rowsTable(t`Rows of ${path}`, rows)];
	}
	if (kind === "json" && !rest) {
		try {
			const value = JSON.parse(text);
			const rows = tableOf(value);
			return rows ? rowsTable(t`Rows of ${path}`, rows) : el("div", { class: "json", tabindex: 0, role: "region", "aria-label": path }, jsonTree(value));
		} catch {
			// Not JSON after all: its text is shown.
		}
	}
	const isDocument = ["html", "htm", "svg", "xml"].includes(kind);
	return [isDocument && el("p", { class: "muted" }, t`Shown as its source: files of runs are never opened as pages here.`), rest, el("pre", { tabindex: 0, role: "region", "aria-label": path }, text)];
};

/** @returns `{node, show(file | null)}`; a file is `{name, path, size, address}` */
export const makePreview = () => {
	const node = el("div", { class: "preview" });
	// Nothing is shown yet, not even that nothing is chosen.
	let [shown, asking] = [Symbol("nothing"), null];

	const show = async (file) => {
		if (file?.name === shown) return;
		shown = file?.name;
		asking?.abort();
		asking = new AbortController();
		if (!file) return replace(node, el("p", { class: "muted" }, t`Choose a file to look into it.`));
		const { signal } = asking;
		const body = el("div", { "aria-live": "polite" }, el("p", { class: "muted" }, t`reading…`));
		replace(node, el("div", { class: "row between" }, el("h3", { class: "long-name" }, el("bdi", {}, file.path)),
			el("span", { class: "row" }, el("span", { class: "muted" }, bytes(file.size)), file.address && el("a", { href: file.address, download: file.path.split("/").at(-1) }, t`Download`))), body);
		try {
			const content = !file.address ? el("p", { class: "muted" }, t`It is kept elsewhere than on this server.`)
				: file.size === 0 ? el("p", { class: "muted" }, t`The file is empty.`)
				: Object.hasOwn(images, ending(file.path)) ? await image(file, signal) : await words(file, signal);
			if (!signal.aborted) replace(body, content);
		} catch (error) {
			if (!signal.aborted) replace(body, problemBox(error));
		}
	};
	return { node, show };
};
