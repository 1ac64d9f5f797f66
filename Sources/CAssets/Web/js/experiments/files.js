// The files of a run and of the models that it logged: a tree whose folders are read when they are opened, and a preview.
import { button, el, emptyState, problemBox, replace, setAttribute } from "../dom.js";
import { bytes } from "../format.js";
import { fileAddress, listFiles, listModelFiles, loggedModel } from "../mlflow.js";
import { t } from "../words.js";
import { makePreview } from "./preview.js";

const baseName = (path) => path.split("/").at(-1);

/**
 * @param choose called with the file that was chosen, as the address tells it
 * @returns `{node, draw(run, file)}`
 */
export const makeFiles = (choose) => {
	const tree = el("div", { class: "tree" });
	const preview = makePreview();
	const node = el("div", { class: "files" }, tree, preview.node);
	let [run, key, chosen] = [null, "", null];
	/** Address of a file → its button. */
	let files = new Map();

	const mark = () => {
		for (const [name, { control }] of files) setAttribute(control, "aria-current", name === chosen ? "true" : null);
	};
	/** Shows what is chosen, once its folder has been read. */
	const show = () => {
		mark();
		const file = files.get(chosen);
		preview.show(file ? { ...file, name: chosen } : null);
	};

	/** A root is `{prefix, list(path), address}`: the files of the run, or those of a logged model. */
	const makeFolder = async (place, root, path) => {
		replace(place, el("p", { class: "muted" }, t`reading…`));
		try {
			const entries = (await root.list(path)).sort((a, b) => b.isFolder - a.isFolder || a.path.localeCompare(b.path));
			replace(place, entries.map((entry) => (entry.isFolder ? folder(baseName(entry.path), root, entry.path) : file(root, entry))));
			show();
			return entries.length;
		} catch (error) {
			replace(place, problemBox(error));
			return 1;
		}
	};
	const folder = (name, root, path, { about, isOpen: isOpenAtFirst = false } = {}) => {
		const list = el("ul", { hidden: true });
		let isRead = false;
		const open = (isOpen) => {
			list.hidden = !isOpen;
			setAttribute(flip, "aria-expanded", String(isOpen));
			flip.firstChild.textContent = isOpen ? "▾" : "▸";
			if (isOpen && !isRead) makeFolder(list, root, path);
			isRead ||= isOpen;
		};
		const flip = button([el("span", { class: "muted", "aria-hidden": "true" }, "▸"), el("span", {}, el("bdi", {}, `${name}/`)), about && el("span", { class: "muted" }, about)], null, () => open(list.hidden));
		// The way to what the address names is open, and so is a folder that stands alone.
		open(isOpenAtFirst || Boolean(chosen?.startsWith(`${root.prefix}${path}${path && "/"}`)));
		return el("li", {}, flip, list);
	};
	const file = (root, { path, size }) => {
		const name = root.prefix + path;
		const control = button([el("span", { class: "muted", "aria-hidden": "true" }, "·"), el("span", {}, el("bdi", {}, baseName(path))), el("span", { class: "muted" }, bytes(size))], null, () => choose(name));
		files.set(name, { control, path, size, address: fileAddress(root.address, path) });
		return el("li", {}, control);
	};

	const read = async () => {
		const mine = key;
		files = new Map();
		preview.show(null);
		const models = (await Promise.allSettled(run.models.map(loggedModel))).flatMap(({ value }) => value ?? []);
		if (mine !== key) return;
		const list = el("ul");
		const own = { prefix: "", list: (path) => listFiles(run.id, path), address: run.files };
		const length = await makeFolder(list, own, "");
		if (mine !== key) return;
		for (const { info } of models) {
			const root = { prefix: `${info.model_id}:`, list: (path) => listModelFiles(info.model_id, path), address: info.artifact_uri };
			list.append(folder(info.name, root, "", { about: t`logged model`, isOpen: length === 0 && models.length === 1 }));
		}
		replace(tree, length + models.length === 0 ? emptyState(t`No files.`, t`mlflow.log_artifact("report.txt") keeps one here.`) : list, run.end === null && button(t`Look again`, "link", read));
		preview.node.hidden = length + models.length === 0;
		show();
	};

	return { node, draw(next, file) {
		const isOther = file !== chosen;
		[run, chosen] = [next, file];
		// While a run goes on files come, which are looked for by hand so that open folders stay; its end brings all.
		const wanted = JSON.stringify([run.id, run.models, run.end]);
		if (wanted !== key) {
			key = wanted;
			read();
		} else if (isOther) show();
	} };
};
