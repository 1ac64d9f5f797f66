// Orders to experiments and runs, each confirmed with what will happen.
import { announce } from "../announce.js";
import { confirmFirst } from "../dialog.js";
import { el } from "../dom.js";
import { plural } from "../format.js";
import { orders, register, registeredNames } from "../mlflow.js";
import { go, to } from "../router.js";
import { t } from "../words.js";

/** A line of text to be filled in. `value()` is what was typed, without spaces around. */
const line = (label, text = "", attributes = {}) => {
	const input = el("input", { type: "text", autocomplete: "off", autofocus: true, value: text, ...attributes });
	return { node: el("div", { class: "fields" }, el("label", { class: "wide-field" }, label, input)), value: () => input.value.trim() };
};

/** Names may have 500 characters. */
export const shortName = (name, most = 60) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);

export const createExperiment = () => {
	const name = line(t`Name`, "", { maxlength: 500 });
	confirmFirst({
		title: t`New experiment`,
		consequences: [t`It holds no runs at first: log into it with mlflow.set_experiment("its name").`],
		fields: name.node,
		verb: t`Create`,
		act: async () => go(to("experiments", await orders.createExperiment(name.value()))),
	});
};

export const renameExperiment = (experiment, done) => {
	const name = line(t`Name`, experiment.name, { maxlength: 500 });
	confirmFirst({
		title: t`Rename ${shortName(experiment.name)}?`,
		consequences: [t`Runs keep their places; scripts that log into it by its name make a new experiment under the old one.`],
		fields: name.node,
		verb: t`Rename`,
		act: async () => done(await orders.renameExperiment(experiment.id, name.value())),
	});
};

export const deleteExperiment = ({ id, name, runs }) =>
	confirmFirst({
		title: t`Delete ${shortName(name)}?`,
		consequences: [
			t`It and its runs (${plural(runs, "run")}) leave the lists. Nothing is lost: it can be restored from the deleted ones.`,
			t`Its name stays taken until deleted experiments are purged with mlstack experiment purge.`,
			t`Registered models that came from it stay.`,
		],
		verb: t`Delete`,
		act: async () => {
			await orders.deleteExperiment(id);
			announce(t`Deleted`);
			go("/experiments");
		},
	});

export const restoreExperiment = ({ id, name }, done) =>
	confirmFirst({
		title: t`Restore ${shortName(name)}?`,
		consequences: [t`It comes back with the runs that were deleted with it.`],
		verb: t`Restore`,
		act: async () => done(await orders.restoreExperiment(id)),
	});

export const renameRun = (run, done) => {
	const name = line(t`Name`, run.name, { maxlength: 500 });
	confirmFirst({
		title: t`Rename ${shortName(run.name)}?`,
		consequences: [t`Its id and address stay.`],
		fields: name.node,
		verb: t`Rename`,
		act: async () => done(await orders.renameRun(run.id, name.value())),
	});
};

const inTurn = async (runs, order) => {
	for (const { id } of runs) await order(id);
};

export const deleteRuns = (runs, done) =>
	confirmFirst({
		title: runs.length === 1 ? t`Delete ${shortName(runs[0].name)}?` : t`Delete ${plural(runs.length, "run")}?`,
		consequences: [
			t`They leave the table with their params, metrics and files. Nothing is lost: they can be restored from the deleted ones.`,
			t`Model versions that were made from them stay.`,
			runs.some(({ state }) => state === "running") && t`One of them is still running: from now on it cannot log any more.`,
		].filter(Boolean),
		verb: t`Delete`,
		act: async () => done(await inTurn(runs, orders.deleteRun)),
	});

export const restoreRuns = (runs, done) =>
	confirmFirst({
		title: runs.length === 1 ? t`Restore ${shortName(runs[0].name)}?` : t`Restore ${plural(runs.length, "run")}?`,
		consequences: [t`They are in the table again as they were.`],
		verb: t`Restore`,
		act: async () => done(await inTurn(runs, orders.restoreRun)),
	});

/** @param what the model's name in the run. @param source `{source, run_id, model_id?}` as the registry takes it */
export const registerModel = async (what, source, done) => {
	const names = await registeredNames().catch(() => []);
	const name = line(t`Registered model`, "", { maxlength: 256, list: "registered-names" });
	name.node.append(el("datalist", { id: "registered-names" }, names.map((each) => el("option", { value: each }))));
	confirmFirst({
		title: t`Register ${shortName(what)}?`,
		consequences: [
			t`It becomes the next version of a registered model: choose one, or write a new name.`,
			t`Nothing is served by that: a version is served when it gets the alias production.`,
		],
		fields: name.node,
		verb: t`Register`,
		act: async () => {
			const version = await register(name.value(), source);
			announce(t`Version ${version.version} of ${version.name} is registered`);
			done(version);
		},
	});
};
