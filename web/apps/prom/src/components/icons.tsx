// Line icons on a 24-pixel grid, drawn in the colour of the text around them.
import type { ReactNode } from 'react';

export interface IconProps {
  size?: number;
}

function icon(drawing: ReactNode) {
  return function Icon({ size = 16 }: IconProps) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth={1.9}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {drawing}
      </svg>
    );
  };
}

export const IconPlus = icon(<path d="M12 5v14M5 12h14" />);
export const IconMinus = icon(<path d="M5 12h14" />);
export const IconClose = icon(<path d="M6 6l12 12M18 6L6 18" />);
export const IconCheck = icon(<path d="M5 12.5l4.5 4.5L19 7.5" />);
export const IconLeft = icon(<path d="M14.5 6l-6 6 6 6" />);
export const IconRight = icon(<path d="M9.5 6l6 6-6 6" />);
export const IconDown = icon(<path d="M6 9.5l6 6 6-6" />);
export const IconMenu = icon(<path d="M4 7h16M4 12h16M4 17h16" />);
export const IconDots = icon(
  <>
    <circle cx="5.5" cy="12" r="1" fill="currentColor" />
    <circle cx="12" cy="12" r="1" fill="currentColor" />
    <circle cx="18.5" cy="12" r="1" fill="currentColor" />
  </>,
);
export const IconSun = icon(
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1" />
  </>,
);
export const IconMoon = icon(<path d="M20 14.2A8.2 8.2 0 0 1 9.8 4 8.2 8.2 0 1 0 20 14.2z" />);
export const IconScreen = icon(
  <>
    <rect x="3.5" y="4.5" width="17" height="11.5" rx="2" />
    <path d="M9 20h6M12 16v4" />
  </>,
);
export const IconClock = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7.5V12l3 2" />
  </>,
);
export const IconHistory = icon(<path d="M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5M12 8v4.3l2.8 1.7" />);
export const IconSearch = icon(
  <>
    <circle cx="11" cy="11" r="6.5" />
    <path d="M16 16l4.5 4.5" />
  </>,
);
export const IconCopy = icon(
  <>
    <rect x="8.5" y="8.5" width="11" height="11" rx="2" />
    <path d="M15.5 8.5v-2a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h2" />
  </>,
);
export const IconTrash = icon(<path d="M5 7h14M10 7V5h4v2M7 7l.8 12h8.4L17 7M10.3 10.5v5.5M13.7 10.5v5.5" />);
export const IconTable = icon(
  <>
    <rect x="4" y="5" width="16" height="14" rx="2" />
    <path d="M4 10h16M4 14.5h16M10 10v9" />
  </>,
);
export const IconGraph = icon(<path d="M4 4.5V18a1.5 1.5 0 0 0 1.5 1.5H20M7.5 14.5l3.5-4.5 3 2.5 4.5-6" />);
export const IconStack = icon(<path d="M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4" />);
export const IconPlay = icon(<path d="M8 5.5v13l10.5-6.5z" fill="currentColor" />);
export const IconAlert = icon(<path d="M12 8.5v4.5M12 16.3v.1M10.4 4.7L3.3 17a1.9 1.9 0 0 0 1.6 2.8h14.2a1.9 1.9 0 0 0 1.6-2.8L13.6 4.7a1.9 1.9 0 0 0-3.2 0z" />);
export const IconInfo = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 11v5M12 8v.1" />
  </>,
);
export const IconBook = icon(<path d="M12 6.5C10 5 7 4.7 4 5v13c3-.3 6 0 8 1.5 2-1.5 5-1.8 8-1.5V5c-3-.3-6 0-8 1.5zM12 6.5v13" />);

// The mark: an arch with three bars rising in it.
export function Mark({ size = 28 }: IconProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <defs>
        <linearGradient id="mark-ground" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#6f7cf7" />
          <stop offset="1" stopColor="#4350c4" />
        </linearGradient>
      </defs>
      <rect width="32" height="32" rx="8" fill="url(#mark-ground)" />
      <path d="M8 25V15a8 8 0 0 1 16 0v10" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
      <path d="M12.6 25v-6M16 25V14.5M19.4 25v-8" fill="none" stroke="#c3caff" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}
