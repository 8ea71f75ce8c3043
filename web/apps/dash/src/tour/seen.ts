// Who has seen the tour, kept in this browser.
const KEY = 'narthex.tour';

function readLogins(): string[] {
  try {
    const parsed: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(parsed) ? parsed.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export const wasTourSeen = (login: string): boolean => readLogins().includes(login);

export function rememberTour(login: string): void {
  if (wasTourSeen(login)) return;
  try {
    window.localStorage.setItem(KEY, JSON.stringify([...readLogins(), login]));
  } catch {
    // A browser that keeps nothing offers the tour again.
  }
}
