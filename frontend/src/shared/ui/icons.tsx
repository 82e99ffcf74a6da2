import type { ReactNode, SVGProps } from 'react'

type Props = Omit<SVGProps<SVGSVGElement>, 'children'> & { size?: number }

/** An icon of 24 units drawn with a stroke in the text's colour; decorative, so hidden from screen readers. */
export type Icon = (props: Props) => ReactNode

function icon(path: string): Icon {
  return function StrokeIcon({ size = 20, ...rest }: Props) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth={1.75}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
        focusable={false}
        {...rest}
      >
        <path d={path} />
      </svg>
    )
  }
}

export const IconHome = icon('M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6')
export const IconReport = icon('M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7')
export const IconChart = icon('M4 20h16M7 16v-5M12 16V6M17 16v-8')
export const IconDocument = icon('M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6')
export const IconDirectory = icon(
  'M5 4h11a3 3 0 013 3v13H8a3 3 0 01-3-3zM5 17a3 3 0 013-3h11M9 8h6',
)
export const IconDelivery = icon(
  'M3 6h11v10H3zM14 10h4l3 3v3h-7M7 19a2 2 0 100-4 2 2 0 000 4zM17 19a2 2 0 100-4 2 2 0 000 4z',
)
export const IconSync = icon('M4 11a8 8 0 0114-4l2 2M20 4v5h-5M20 13a8 8 0 01-14 4l-2-2M4 20v-5h5')
export const IconOrganization = icon('M4 20V9l8-5 8 5v11M4 20h16M9 20v-5h6v5M9 11h.01M15 11h.01')
export const IconLicense = icon('M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4')
export const IconAccount = icon('M12 12a4 4 0 100-8 4 4 0 000 8zM4 21c1-4 4-6 8-6s7 2 8 6')
export const IconCopy = icon('M9 9h11v11H9zM15 9V4H4v11h5')
export const IconCheck = icon('M5 12l5 5L19 7')
export const IconChevronDown = icon('M6 9l6 6 6-6')
export const IconChevronRight = icon('M9 6l6 6-6 6')
export const IconArrowLeft = icon('M19 12H5M11 6l-6 6 6 6')
export const IconArrowUp = icon('M12 19V5M6 11l6-6 6 6')
export const IconArrowDown = icon('M12 5v14M6 13l6 6 6-6')
export const IconSort = icon('M8 9l4-4 4 4M8 15l4 4 4-4')
export const IconPlus = icon('M12 5v14M5 12h14')
export const IconSearch = icon('M11 18a7 7 0 100-14 7 7 0 000 14zM20 20l-4-4')
export const IconFilter = icon('M4 5h16l-6 8v6l-4-2v-4z')
export const IconDownload = icon('M12 4v12M7 11l5 5 5-5M5 20h14')
export const IconPrint = icon('M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z')
export const IconMail = icon('M3 6h18v12H3zM3 7l9 7 9-7')
export const IconWarning = icon('M12 4l9 16H3zM12 10v4M12 17h.01')
export const IconInfo = icon('M12 21a9 9 0 100-18 9 9 0 000 18zM12 11v5M12 8h.01')
export const IconOffline = icon(
  'M3 3l18 18M5 10a11 11 0 013-2M12 7a11 11 0 017 3M8 14a6 6 0 018 0M12 18h.01',
)
export const IconEmpty = icon('M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5')
export const IconSun = icon(
  'M12 16a4 4 0 100-8 4 4 0 000 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4',
)
export const IconMoon = icon('M20 14A8 8 0 019.5 4 8 8 0 1020 14z')
export const IconScreen = icon('M3 5h18v11H3zM9 20h6M12 16v4')
export const IconSignOut = icon('M14 4H5v16h9M10 12h11M17 8l4 4-4 4')
export const IconKey = icon('M8 18a4 4 0 100-8 4 4 0 000 8zM11 11l8-8M16 6l3 3')
export const IconCalendar = icon('M4 6h16v14H4zM4 10h16M8 3v4M16 3v4')
export const IconDots = icon('M12 6h.01M12 12h.01M12 18h.01')
export const IconClose = icon('M6 6l12 12M18 6L6 18')
