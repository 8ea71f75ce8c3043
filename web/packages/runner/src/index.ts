export { annotationStepMs, isAsked, marksFrom, type Mark } from './annotations';
export { findDataSource, sourceType, UnsupportedSource, type SourceList } from './datasource';
export { fetchExemplars, readExemplars, withIntervals, type Exemplar } from './exemplars';
export { localFrames, withShared } from './local';
export { NO_DATA, PanelRunner, type PanelData, type RunRequest } from './panel_runner';
export { buildQueries, panelWindow, type QueryContext } from './queries';
export { resolveVariables, type ResolveContext } from './variables';
export { fetchVariableTexts } from './variable_query';
export { builtinScope, panelLookup, variableFromJson, type BuiltinContext } from './scope';
