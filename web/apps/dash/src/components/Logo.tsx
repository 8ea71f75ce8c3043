// The mark: an arch with three bars rising in it.
export function Logo({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <defs>
        <linearGradient id="logo-ground" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#6f7cf7" />
          <stop offset="1" stopColor="#4350c4" />
        </linearGradient>
      </defs>
      <rect width="32" height="32" rx="8" fill="url(#logo-ground)" />
      <path d="M8 25V15a8 8 0 0 1 16 0v10" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
      <path d="M12.6 25v-6M16 25V14.5M19.4 25v-8" fill="none" stroke="#c3caff" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}
