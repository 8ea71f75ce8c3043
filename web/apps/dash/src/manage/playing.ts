import { navigate } from '../router/location';
import { Player } from './player';

/** The one playlist that this page may be showing. */
export const player = new Player((url) => navigate(url));
