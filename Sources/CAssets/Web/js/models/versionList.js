// The versions of one model as this page knows them: the newest first, older ones as they are asked for.
import { getJSON, paths } from "../api.js";

const pageLength = 200;
/** What an event may have changed is among the newest; of the older ones only aliases and stages move. */
const freshLength = 20;

const withAliases = (version, aliases) => {
	const own = Object.keys(aliases).filter((alias) => aliases[alias] === version.version).sort();
	const isProduction = aliases.production === version.version;
	const stage = isProduction ? "Production" : version.stage === "Production" ? "Archived" : version.stage;
	return { ...version, aliases: own, stage };
};

/** An answer with the newest versions, and what was known of the older ones; null when versions between are unknown. */
export const merged = (former, answer) => {
	const lowest = answer.versions.at(-1)?.version ?? 0;
	if (former.versions.length > 0 && answer.versions.length >= freshLength && lowest > former.versions[0].version + 1) return null;
	const sizes = new Map(former.versions.map((version) => [version.version, version]));
	// Answers to orders tell no sizes; those do not change.
	const newest = answer.versions.map((version) => ({ ...version, bytes: version.bytes ?? sizes.get(version.version)?.bytes ?? null, servable: version.servable ?? sizes.get(version.version)?.servable }));
	// Fewer than asked for: there are no older ones.
	const older = answer.versions.length < freshLength ? [] : former.versions.filter(({ version }) => version < lowest).map((version) => withAliases(version, answer.aliases));
	return { ...answer, versions: [...newest, ...older] };
};

export const firstVersions = (name) => getJSON(paths.modelVersions(name, pageLength));
export const freshVersions = (name) => getJSON(paths.modelVersions(name, freshLength));

/** `model` with one of its older versions as it is now, or without it when it is gone. */
export const withFresh = async (model, version) => {
	const [row] = (await getJSON(paths.modelVersions(model.name, 1, version + 1))).versions;
	const isThere = row?.version === version;
	return { ...model, versions: model.versions.flatMap((each) => (each.version !== version ? [each] : isThere ? [row] : [])) };
};

/** The next page of older versions; `isLast` when there are none behind it. */
export const olderVersions = async (model) => {
	const { versions } = await getJSON(paths.modelVersions(model.name, pageLength, model.versions.at(-1)?.version));
	return { versions, isLast: versions.length < pageLength };
};

export const isWhole = (model) => model.versions.length < pageLength;
