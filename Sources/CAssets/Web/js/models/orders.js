// What can be ordered of a version, each with a dialog that says beforehand what will happen to serving.
import { announce } from "../announce.js";
import { paths, post, remove } from "../api.js";
import { confirmFirst } from "../dialog.js";
import { el } from "../dom.js";
import { t } from "../words.js";
import { answering } from "./names.js";

const field = (label, attributes) => {
	const input = el("input", { type: "text", maxlength: 255, autocomplete: "off", ...attributes });
	return { input, node: el("label", { class: "field wide-field" }, label, input) };
};

const whyField = () => field(t`Why`, { placeholder: t`stands in the history` });

/** What loading another version means for those who ask for recommendations. */
const loads = (model, version) => {
	const [now, to] = [answering(model.name), t`version ${version}`];
	if (!model.served) return [t`Serving does not change: this server answers with another model. Who asks the registry for production gets ${to}.`];
	if (now === version) return [t`It answers already, and goes on.`];
	return [now ? t`It is loaded at once in place of version ${now}: recommendations then come from ${to}. No request is dropped.`
		: t`It is loaded at once: recommendations then come from ${to}. No request is dropped.`];
};

/** What becomes of serving when nothing is production any more. */
const leavesNothing = (model, version) => {
	if (!model.served) return t`Serving does not change: this server answers with another model.`;
	const now = answering(model.name);
	if (!now) return t`Nothing answers now, and nothing will until a version is promoted.`;
	return now === version ? t`Version ${now} goes on answering from memory, until another version is promoted or the server starts anew. Then nothing could be loaded.`
		: t`Version ${now} goes on answering until the server starts anew. Then nothing could be loaded.`;
};

const unchanged = (model) => {
	const now = answering(model.name);
	return now ? t`Serving does not change: version ${now} goes on answering.` : t`Serving does not change.`;
};

/** @param done called with the API's answer, the model as it is then, and the version that it was about */
export const promote = (model, { version, servable }, done) => {
	const former = model.aliases.production;
	const why = whyField();
	confirmFirst({
		title: t`Promote version ${version} of ${model.name}?`,
		consequences: [
			former ? t`The alias production moves from version ${former} to version ${version}.` : t`Version ${version} gets the alias production.`,
			former && t`Version ${former} is archived and kept.`,
			...(model.served && servable === false ? [t`This server cannot load version ${version}, because it holds no recommender: what answers now goes on answering, and an alert says so.`] : loads(model, version)),
			model.rollback || former ? t`The next run of the day's pipeline may promote another version. Roll back undoes this.` : t`The next run of the day's pipeline may promote another version.`,
		].filter(Boolean),
		fields: why.node,
		verb: t`Promote version ${version}`,
		act: async () => {
			done(await post(paths.promote(model.name), { version, alias: "production", reason: why.input.value.trim() || "by hand on the page" }), version);
			announce(t`Version ${version} is production now`);
		},
	});
};

export const rollBack = (model, done) => {
	const [present, former] = [model.aliases.production, model.rollback?.version];
	confirmFirst({
		title: t`Roll back ${model.name}?`,
		consequences: [
			present ? t`The alias production leaves version ${present} and returns to version ${former}.` : t`The alias production returns to version ${former}.`,
			...loads(model, former),
			present && t`Version ${present} is archived and kept; it can be promoted again.`,
		].filter(Boolean),
		verb: t`Roll back to version ${former}`,
		act: async () => {
			done(await post(paths.rollBack(model.name), { alias: "production" }), former);
			announce(t`Version ${former} is production now`);
		},
	});
};

export const archive = (model, { version, aliases }, done) =>
	confirmFirst({
		title: t`Archive version ${version} of ${model.name}?`,
		consequences: [
			t`It goes to the stage archived. Its files, its number and its run are kept; promoting it takes it out again.`,
			...(aliases.includes("production") ? [t`It loses the alias production, which no version has then.`, leavesNothing(model, version)] : [unchanged(model)]),
		],
		verb: t`Archive version ${version}`,
		act: async () => {
			done(await post(paths.stage(model.name, version), { stage: "Archived" }), version);
			announce(t`Version ${version} is archived`);
		},
	});

export const unarchive = (model, { version }, done) =>
	confirmFirst({
		title: t`Take version ${version} out of the archive?`,
		consequences: [t`It has no stage then, and can be promoted as before.`, unchanged(model)],
		verb: t`Take it out`,
		act: async () => done(await post(paths.stage(model.name, version), { stage: "None" }), version),
	});

export const setAlias = (model, { version }, done) => {
	const name = field(t`Alias`, { placeholder: "challenger", pattern: "[A-Za-z0-9_\\-]+", required: true });
	const why = whyField();
	confirmFirst({
		title: t`Give version ${version} of ${model.name} an alias?`,
		consequences: [
			t`A version that has the alias already loses it to version ${version}.`,
			model.served ? t`The alias challenger has it answer unheard beside production; production has it answer. Any other changes nothing of serving.` : unchanged(model),
			t`Clients find it as models:/${model.name}@ALIAS.`,
		],
		fields: [name.node, why.node],
		verb: t`Give it`,
		act: async () => {
			const alias = name.input.value.trim();
			done(await post(paths.promote(model.name), { version, alias, reason: why.input.value.trim() || "by hand on the page" }), version);
			announce(t`Version ${version} has the alias ${alias}`);
		},
	});
	name.input.focus();
};

export const removeAlias = (model, alias, done) => {
	const version = model.aliases[alias];
	confirmFirst({
		title: t`Take the alias ${alias} away?`,
		consequences: [
			t`Version ${version} has it now; then no version has.`,
			alias === "production" ? leavesNothing(model, version)
				: alias === "challenger" && model.served ? t`No version answers unheard beside production any more.` : unchanged(model),
			alias === "production" && t`Version ${version} is archived and kept.`,
		].filter(Boolean),
		verb: t`Take it away`,
		act: async () => done(await remove(paths.alias(model.name, alias)), version),
	});
};

/** @param done called with the model as it is without the version, its number, and true */
export const deleteVersion = (model, { version, aliases }, done) =>
	confirmFirst({
		title: t`Delete version ${version} of ${model.name}?`,
		consequences: [
			t`It cannot be promoted or rolled back to any more, and its number is never used again. This cannot be undone.`,
			t`Its run stays among the experiments, with what it logged.`,
			aliases.length > 0 && t`It loses its aliases: ${aliases.join(", ")}.`,
			aliases.includes("production") || answering(model.name) === version ? leavesNothing(model, version) : unchanged(model),
		].filter(Boolean),
		verb: t`Delete version ${version}`,
		act: async () => {
			done(await remove(paths.modelVersion(model.name, version)), version, true);
			announce(t`Version ${version} is deleted`);
		},
	});
