// The API of the server that these pages come from.
import { createClient } from '@narthex/promapi';

import { apiUrl } from './shell/router';

export const api = createClient(apiUrl);
