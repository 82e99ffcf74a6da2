import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { lookUpLetter } from './requests'

/** The letter whose link led here: its token, which the route has taken out of the address, and what it is good for. */
export function useLetter() {
  const token = useLocation({ select: ({ state }) => state.letterToken ?? '' })
  const query = useQuery({
    queryKey: ['letter', token],
    queryFn: () => lookUpLetter(token),
    enabled: token !== '',
    retry: false,
    staleTime: Infinity,
    refetchOnReconnect: false,
  })
  return { token, query }
}
