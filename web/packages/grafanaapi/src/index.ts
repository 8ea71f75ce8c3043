export { ApiError, onSignedOut, SIGNED_OUT_STATUS } from './client';
export { fetchDashboard, type DashboardAnswer } from './dashboard';
export { signIn, signOutPath } from './login';
export { queryData, type DsQuery, type DsQueryRequest, type DsResult } from './ds_query';
export { fetchResource } from './resources';
export { rotateToken, rotationDueMs } from './rotate';
export { searchDashboards, type SearchHit } from './search';
export { fetchSettings, type DataSourceSettings, type FrontendSettings } from './settings';
export { fetchUser, type User } from './user';
