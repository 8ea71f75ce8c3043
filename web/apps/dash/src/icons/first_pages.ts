// The icons that the first pages draw.
const files = import.meta.glob<string>(
  '../../../../node_modules/@grafana/ui/dist/public/img/icons/unicons/{angle-down,angle-left,angle-right,angle-up,apps,arrow-down,arrow-left,arrow-up,bars,calendar-alt,check,circle,clock-nine,copy,dashboard,ellipsis-v,exclamation-circle,exclamation-triangle,eye,eye-slash,folder,folder-open,history,home-alt,info-circle,link,lock,monitor,question-circle,search,search-minus,shield,signout,spinner,star,sync,tag-alt,times,user,external-link-alt,adjust-circle,bolt,cloud,document-info}.svg',
  { query: '?raw', import: 'default', eager: true },
);

export const COMMON: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(files).map(([path, source]) => [path.split('/').slice(-2).join('/').replace(/\.svg$/, ''), source]),
);
