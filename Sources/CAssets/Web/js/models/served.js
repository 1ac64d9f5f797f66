// What of a model answers now, and why not when it doesn't, in words.
import { el, problemBox } from "../dom.js";
import { wallTime } from "../format.js";
import { glyph } from "../states.js";
import { state } from "../store.js";
import { slot, t, weave } from "../words.js";
import { answering, versionAddress } from "./names.js";

/** The refusal of the version that should answer, with its remedy; or nothing. */
export const loadProblem = (name) => {
	const error = state.serving?.last_load_error;
	if (!error || error.model !== name) return null;
	return problemBox({ ...error, message: t`Version ${error.version} of ${error.model} could not be loaded: ${error.message}` });
};

const line = (look, ...content) => el("p", { class: "state-line" }, glyph(look), el("span", {}, content));

/** What the lines below are made of: for `replaceWhen`. */
export const servingKey = ({ name, served, aliases }) =>
	JSON.stringify([name, served, aliases.production, state.serving?.model, state.serving?.shadow?.model, state.serving?.last_load_error]);

/**
 * @param model of the API, with `served` and `aliases`
 * @param isNamed whether its name is to be said
 * @returns lines that say what answers
 */
export const servingLines = (model, isNamed = false) => {
	const { name, served, aliases } = model;
	if (!served) {
		return [line("none", aliases.production
			? t`Not served: this server answers with another model. Its version ${aliases.production} is production for those who ask the registry.`
			: t`Not served: this server answers with another model.`)];
	}
	const [now, promoted, loaded] = [answering(name), aliases.production, state.serving?.model];
	const link = (version) => el("a", { href: versionAddress(name, version) }, t`Version ${version}`);
	const shadow = state.serving?.shadow?.model;
	return [
		loadProblem(name),
		now ? line("success", isNamed && [el("b", {}, name), ": "], weave(t`${slot(0)} answers now, since ${wallTime(loaded.loaded_at)}.`, link(now)))
			: line("none", promoted ? t`Nothing answers now.` : t`Nothing answers now: no version is promoted yet.`),
		now && promoted !== now && line("up_for_retry", promoted ? weave(t`${slot(0)} is promoted but does not answer.`, link(promoted)) : t`No version has the alias production any more: after the next start nothing would answer.`),
		shadow?.name === name && line("running", weave(t`${slot(0)} answers unheard beside it, as challenger.`, link(shadow.version))),
	];
};
