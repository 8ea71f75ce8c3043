// What a person may do, for what the pages offer; the server decides. Pure.
import type { User } from '@narthex/grafanaapi';

type Who = Pick<User, 'isAdmin' | 'isSignedIn' | 'orgRole'>;

export const administersServer = ({ isAdmin }: Who): boolean => isAdmin;
export const administersOrganisation = ({ orgRole }: Who): boolean => orgRole === 'Admin';
export const edits = ({ orgRole }: Who): boolean => orgRole === 'Admin' || orgRole === 'Editor';
