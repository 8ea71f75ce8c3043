export { base, baseAt, type Base } from './base';
export { ApiError, onSignedOut, SIGNED_OUT_STATUS } from './client';
export { fetchDashboard, type DashboardAnswer } from './dashboard';
export { fetchHomeAddress } from './home';
export {
  changePublication,
  createPublication,
  deletePublication,
  fetchPublication,
  fetchPublicDashboard,
  fetchPublicNotes,
  queryPublicPanel,
  type PublicationSwitches,
  type Publication,
  type PublicNote,
} from './public_dashboards';
export { changeSource, checkSource, createSource, deleteSource, fetchSource, fetchSources, type SourceHealth, type SourceRow, type StoredSource } from './data_sources';
export { fetchPermissions, savePermissions, type Permission, type Right, type Subject } from './permissions';
export { countFolder, createFolder, deleteFolder, fetchFolder, fetchFolders, moveFolder, renameFolder, type Folder, type FolderDetails } from './folders';
export { createLibraryElement, deleteLibraryElement, fetchLibrary, fetchLibraryElement, fetchLibraryElements, LibraryConflict, updateLibraryElement, type LibraryRow } from './library';
export { signIn, signOutPath } from './login';
export { askAsIs, dsCall, queryData, type DsAnswer, type DsCall, type DsQuery, type DsQueryRequest, type DsResult } from './ds_query';
export { fetchResource } from './resources';
export { rotateToken, rotationDueMs } from './rotate';
export { deleteDashboard, importDashboard, moveDashboard, SaveConflict, saveDashboard, type ImportInput, type Saved, type SaveRequest } from './save';
export { searchDashboards, type SearchHit } from './search';
export { fetchSettings, type DataSourceSettings, type FrontendSettings } from './settings';
export type { User } from './user';
export { setStar } from './stars';
export { fetchVersion, fetchVersions, restoreVersion, type DashboardVersion } from './versions';
export { shortAddress } from './short_urls';
export { liveEventsPath, subscribeLive } from './live';
export { deletePlaylist, fetchPlaylist, fetchPlaylists, savePlaylist, type Playlist, type PlaylistItem } from './playlists';
export { createSnapshot, deleteSnapshot, fetchSnapshot, fetchSnapshots, type Snapshot, type SnapshotLinks } from './snapshots';
export {
  addMember,
  createPerson,
  deletePerson,
  fetchMembers,
  fetchPeople,
  removeMember,
  ROLES,
  setDisabled,
  setMemberRole,
  setPassword,
  setServerAdmin,
  signOutEverywhere,
  type Member,
  type NewPerson,
  type Person,
  type Role,
} from './people';
export { changePassword, changeUser, chooseOrganisation, endSignIn, fetchMemberships, fetchSignIns, type Membership, type SignIn } from './profile';
export {
  changeServiceAccount,
  createServiceAccount,
  createToken,
  deleteServiceAccount,
  deleteToken,
  fetchServiceAccounts,
  fetchTokens,
  type ServiceAccount,
  type Token,
} from './service_accounts';
export { addTeamMember, createTeam, deleteTeam, fetchTeamMembers, fetchTeams, removeTeamMember, type Team, type TeamMember } from './teams';
export { addAnnotation, changeAnnotation, deleteAnnotation, searchAnnotations, type AnnotationSearch, type AnnotationText, type NewAnnotation, type StoredAnnotation } from './annotations';
export { createOrganisation, deleteOrganisation, fetchOrganisations, renameOrganisation, type Organisation } from './orgs';
export { fetchPreferences, savePreferences, type Preferences, type Whose } from './preferences';
export { fetchProvisionedFiles, fetchServerSettings, reloadProvisioning, type ProvisionedFile, type ServerSetting } from './server_settings';
