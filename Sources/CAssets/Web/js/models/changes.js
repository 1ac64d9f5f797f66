// The lines of a model's history: what changed, in words.
import { el } from "../dom.js";
import { t } from "../words.js";
import { stageWord, versionAddress } from "./names.js";

const versionLink = (name, version) => el("a", { href: versionAddress(name, version) }, t`version ${version}`);
/** Beside an alias the number says enough. */
const numberLink = (name, version) => (version ? el("a", { href: versionAddress(name, version), "aria-label": t`version ${version}`, title: t`version ${version}` }, version) : t`none`);

/** What a change was, from what to what. */
export const changeWords = (name, { kind, alias, version, previous_version: before, stage, previous_stage: former, ...rest }) => {
	const arrow = el("span", { class: "muted" }, " → ");
	switch (kind) {
		case "alias": return [el("span", { class: alias === "production" ? "badge strong first" : "badge first" }, alias), " ", numberLink(name, before), arrow, numberLink(name, version)];
		case "stage": return [versionLink(name, version), ": ", stageWord(former), arrow, stageWord(stage)];
		case "version_deleted": return t`version ${version} was deleted`;
		case "renamed": return t`renamed from ${rest.previous_name} to ${rest.name}`;
		case "model_deleted": return t`the model was deleted`;
		default: return kind;
	}
};

/** Without the stages that production took along as it moved, which say nothing new. */
export const withoutEchoes = (changes) => {
	const moves = new Set(changes.filter(({ kind, alias }) => kind === "alias" && alias === "production").map(({ at, actor }) => `${at} ${actor}`));
	return changes.filter(({ kind, at, actor }) => kind !== "stage" || !moves.has(`${at} ${actor}`));
};

const kinds = { alias: t`alias`, stage: t`stage`, version_deleted: t`deletion`, renamed: t`name`, model_deleted: t`deletion` };
export const kindWord = (kind) => kinds[kind] ?? kind;

/** The same reason in the person's language where the server has a fixed one. */
const reasons = { "by hand on the page": t`by hand on the page`, "the newest version": t`the newest version`, "the first version there is": t`the first version there is`, "set by an MLflow client": t`set by an MLflow client`, "the alias was removed": t`the alias was removed` };
export const reasonWord = (reason) => reasons[reason] ?? reason;
