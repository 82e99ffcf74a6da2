import { createContext } from 'react'

/** The ids among a page's references whose records are deleted. */
export const DeletedReferences = createContext<readonly string[] | undefined>(undefined)
