package main

// httpMutations break what the people's API promises to whoever calls it.
var httpMutations = []mutation{
	{
		name:    "http: delivery orders are seen by whoever sees documents",
		changes: []change{removeFrom(symbol{"api", "needsFor"}, "access.SectionOfModule(access.Module(declared.Module)), ")},
		tests:   tests{"api", "TestTheRecordsOfAKindAreSeenByWhoeverMaySeeTheirSection"},
	},
	{
		name:    "http: history shows records of a section that is closed",
		changes: []change{removeFrom(symbol{"api", "seeHistory"}, ", See: section")},
		tests:   tests{"api", "TestTheRecordsOfAKindAreSeenByWhoeverMaySeeTheirSection"},
	},
	{
		name:    "http: a parameter that is not known is ignored",
		changes: []change{replaceIn(symbol{"api", "refuseOtherParameters"}, "case !known[name]:", "case !known[name] && name == \"\":")},
		tests:   tests{"api", "TestEveryRouteKnowsWhoMayCallIt"},
	},
	{
		name:    "http: the condition of an edit is not looked at",
		changes: []change{replaceIn(symbol{"internal/organization", "Organizations.Update"}, "if err := accept(current); err != nil {", "if err := accept(current); err != nil && moved {")},
		tests:   tests{"api", "TestOfTwoEditsOfOneReadingTheSecondIsRefused"},
	},
	{
		name:    "http: a weak tag is good for an edit",
		changes: []change{replaceIn(symbol{"api", "ifMatch"}, "matches(wanted, tag, false)", "matches(wanted, tag, true)")},
		tests:   tests{"api", "TestOfTwoEditsOfOneReadingTheSecondIsRefused"},
	},
	{
		name:    "http: a key of a request is known to everybody",
		changes: []change{replaceIn(symbol{"internal/idempotency", "Request.hash"}, `r.Caller + "\x00" + r.Key`, "r.Key")},
		tests:   tests{"internal/idempotency", "TestTheSameRequestGetsTheSameAnswerForADay"},
	},
	{
		name:    "http: a key answers any request",
		changes: []change{replaceIn(symbol{"internal/idempotency", "Keys.open"}, "!bytes.Equal(was.Digest, request.Digest[:])", "bytes.Equal(was.Digest, nil)")},
		tests:   tests{"internal/idempotency", "TestTheSameRequestGetsTheSameAnswerForADay"},
	},
	{
		name:    "http: updates go on behind what is not projected yet",
		changes: []change{replaceIn(symbol{"internal/browse", "Updates.cut"}, "end := position", "end := position + 1")},
		tests:   tests{"api", "TestACopyThatFollowsTheUpdatesBecomesTheSame"},
	},
	{
		name:    "http: a page of updates ends behind the deletions that it does not tell",
		changes: []change{replaceIn(symbol{"internal/browse", "Updates.cut"}, "end, u.More = min(end, u.Deleted[limit-1].Seq), true", "u.More = true")},
		tests:   tests{"api", "TestACopyThatFollowsTheUpdatesBecomesTheSame"},
	},
	{
		name:    "http: the development inbox is read under any name",
		changes: []change{replaceIn(symbol{"api", "fromThisMachine"}, "!isLoopback(r.Host)", "false")},
		tests:   tests{"internal/app", "TestTheDevelopmentInboxIsForThisMachineAlone"},
	},
	{
		name:    "http: updates go on in another feed",
		changes: []change{replaceIn(symbol{"internal/browse", "continueFeed"}, "feed.Err() != nil", "false")},
		tests:   tests{"internal/browse", "TestUpdatesDoNotGoOn.*"},
	},
	{
		name:    "http: a password is hashed as it was typed",
		changes: []change{replaceIn(symbol{"internal/account", "isPassword"}, "spellings(password)", "[]string{password}")},
		tests:   tests{"internal/account", "TestAPasswordIsTheSameHoweverItIsSpelled|TestAHashOfBeforeIsStillAccepted"},
	},
	{
		name:    "letter: the password of the registration stays",
		changes: []change{replaceIn(symbol{"internal/account", "store.savePassword"}, "row.PasswordHash, row.UpdatedAt = hash, now", "row.UpdatedAt = now\n\tif row.EmailVerifiedAt != nil {\n\t\trow.PasswordHash = hash\n\t}")},
		tests:   tests{"internal/account", "TestNothingThatAStrangerRegisteredIsAWayIn|TestTheHolderOfTheLetterSetsThePassword"},
	},
	{
		name: "letter: a registration replaces the one that waits",
		changes: []change{replaceIn(symbol{"internal/account", "Accounts.keepRegistration"}, "letter, err := a.verificationLetter(s, row)",
			"row.FullName, row.Phone, row.PasswordHash = r.FullName, r.Phone, hash\n\tif err := s.save(row); err != nil {\n\t\treturn err\n\t}\n\tletter, err := a.verificationLetter(s, row)")},
		tests: tests{"internal/account", "TestNothingThatAStrangerRegisteredIsAWayIn"},
	},
	{
		name:    "letter: a reset leaves the sessions",
		changes: []change{replaceIn(symbol{"internal/account", "store.endSessions"}, `Update("ended_at", now)`, `Update("ended_at", nil)`)},
		tests:   tests{"internal/app", "TestASessionEndsInEveryProcess"},
	},
	{
		name:    "letter: its token is in the query",
		changes: []change{replaceIn(symbol{"internal/mail", "Letter.absoluteLink"}, `address.Fragment = "token=" + l.Token`, `address.RawQuery = "token=" + l.Token`)},
		tests:   tests{"internal/mail", "TestNoLetterCarriesItsTokenWhereServersSeeIt"},
	},
	{
		name:    "stranger: a known device is held against strangers' guesses",
		changes: []change{replaceIn(symbol{"internal/account", "limits.mayTry"}, "if !from.known {", "if from.key != \"\" {")},
		tests:   tests{"internal/account", "TestStrangersDoNotLockAKnownDeviceOut"},
	},
	{
		name:    "stranger: a reset forgets nothing of what was counted",
		changes: []change{removeFrom(symbol{"internal/account", "limits.forgetAddress"}, "l.addresses.forgetKey(address)")},
		tests:   tests{"internal/account", "TestAResetLetsItsOwnerInWhateverStrangersHaveTried"},
	},
	{
		name:    "stranger: a device's cookie is good for every account",
		changes: []change{removeFrom(symbol{"internal/account", "signDevice"}, "mac.Write(user[:])")},
		tests:   tests{"internal/account", "TestADeviceIsOneAccountsAndTheServersWord"},
	},
	{
		name:    "stranger: hashing goes by who came first",
		changes: []change{replaceIn(symbol{"internal/account", "turns.compare"}, "cmp.Compare(t.had[a[0].place], t.had[b[0].place])", "cmp.Compare(a[0].came, b[0].came)")},
		tests:   tests{"internal/account", "TestOneOfAnotherNetworkIsNext.*"},
	},
	{
		name:    "stranger: letters of a network are not counted",
		changes: []change{removeFrom(symbol{"internal/account", "limits.countLetter"}, "l.senders.allowEvent(from.key, now)")},
		tests:   tests{"internal/account", "TestLettersOfOneNetworkAreBounded"},
	},
	{
		name:    "stranger: letters in all are not counted",
		changes: []change{removeFrom(symbol{"internal/account", "limits.countLetter"}, "l.purposes.allowEvent(string(what), now)")},
		tests:   tests{"internal/account", "TestLettersOfAllNetworksAreBounded"},
	},
	{
		name:    "stranger: an address of an earlier rule signs in no more",
		changes: []change{replaceIn(symbol{"internal/account", "Accounts.Login"}, "fields.KnownEmail", "fields.Email")},
		tests:   tests{"internal/account", "TestAnAddressThatWasAcceptedOnceStillSignsIn"},
	},
	{
		name:    "stranger: a refresh token that came twice leaves no line",
		changes: []change{removeFrom(symbol{"internal/account", "Accounts.Refresh"}, "a.events.Write(ctx, security.RefreshTokenReused, security.Subject{User: user})")},
		tests:   tests{"api", "TestEverySecurityEventIsInTheLog"},
	},
	{
		name:    "stranger: the log names networks",
		changes: []change{replaceIn(symbol{"internal/security", "Log.Write"}, "l.hashNetwork(from.ip)", "from.ip")},
		tests:   tests{"internal/security", "TestANetworkIsHashedWithTheServersSecret"},
	},
	{
		name:    "text: what is not seen is taken",
		changes: []change{replaceIn(symbol{"internal/check", "isInvisible"}, "unicode.Cf, ", "")},
		tests:   tests{"api", "TestNoTextThatOthersSeeHidesCharacters"},
	},
	{
		name:    "text: a field goes past the rule",
		changes: []change{replaceIn(symbol{"api", "bindSource"}, `fields.Line("name", request.Name)`, "request.Name")},
		tests:   tests{"api", "TestNoTextThatOthersSeeHidesCharacters"},
	},
	{
		name:    "text: the name of a device is taken as it is",
		changes: []change{replaceIn(symbol{"api", "HelloRequest.hello"}, "check.Printable(r.DeviceName)", "r.DeviceName")},
		tests:   tests{"api", "TestADeviceIsGreetedWithoutWhatItsNameHides"},
	},
	{
		name:    "http: any site may show the cabinet in a frame",
		changes: []change{replaceIn(symbol{"api", "securityHeaders"}, "h.Set(echo.HeaderXFrameOptions, \"DENY\")", "")},
		tests:   tests{"api", "TestEveryAnswerTellsBrowsersWhatTheyMustNotDo"},
	},
	{
		name:    "http: every address is a page",
		changes: []change{replaceIn(symbol{"api", "Server.spa"}, "!s.isPage(c.Request().URL.Path)", "s.pages == nil")},
		tests:   tests{"api", "TestAnAddressThatIsNoPageIsNotFound"},
	},
	{
		name:    "http: an id of a request is taken however long it is",
		changes: []change{removeFrom(symbol{"api", "identifyRequest"}, "len(id) > maxRequestID || ")},
		tests:   tests{"api", "TestEveryAnswerHasARequestID"},
	},
	{
		name:    "metrics: a pull that waits counts as a slow answer",
		changes: []change{removeFrom(symbol{"api", "Server.changes"}, "markStream(c)")},
		tests:   tests{"api", "TestMetricsSayWhatHasHappened"},
	},
	{
		name:    "metrics: rejections are not counted",
		changes: []change{replaceIn(symbol{"api", "metrics.countPush"}, "result.Status == push.Rejected", "result.Status == push.Stale")},
		tests:   tests{"api", "TestMetricsSayWhatHasHappened"},
	},
	{
		name:    "metrics: one is there that the manual does not know",
		changes: []change{replaceIn(symbol{"internal/app", "countLetters"}, `"letters_total"`, `"letters_tried_total"`)},
		tests:   tests{"api", "TestTheManualKnowsEveryMetric"},
	},
	{
		name:    "budgets: an organization may have every place for reading",
		changes: []change{replaceIn(symbol{"internal/db", "newPlaces"}, "each: max(1, min(mostOfOne, all-1))", "each: all")},
		tests:   tests{"internal/db", "TestOneOrganizationLeavesAPlaceToTheOthers"},
	},
	{
		name:    "budgets: waiting for a place is not bounded in number",
		changes: []change{replaceIn(symbol{"internal/db", "places.joinShare"}, "own.there == p.each+mostWaiting", "own.there < 0")},
		tests:   tests{"internal/db", "TestWaitingForAPlaceIsBounded"},
	},
	{
		name:    "budgets: whoever waits for a connection waits for ever",
		changes: []change{replaceIn(symbol{"internal/db", "DB.awaitConnection"}, "err := take(waiting)", "err := take(ctx)")},
		tests:   tests{"internal/db", "TestWaitingForAConnectionIsBounded"},
	},
	{
		name:    "budgets: digests take no place",
		changes: []change{replaceIn(symbol{"internal/sync", "Feed.Digest"}, "ctx = db.For(ctx, db.Comparing)", "_ = db.Comparing")},
		tests:   tests{"api", "TestWhateverReadsAsMuchAsThereIsWaitsForAPlace"},
	},
	{
		name:    "budgets: a sender may have all that there is for bodies",
		changes: []change{replaceIn(symbol{"api", "bodyBudget.takeBytes"}, "b.of[sender]+size > b.each", "b.of[sender]+size < 0")},
		tests:   tests{"api", "TestUnfinishedBodiesAreKeptWithinTheBudgetOfTheirSender"},
	},
	{
		name:    "budgets: what a body took is not given back",
		changes: []change{replaceIn(symbol{"api", "Server.budgetBody"}, "defer func() { budget.giveBack(body.sender, body.held) }()", "_ = body.held")},
		tests:   tests{"api", "TestUnfinishedBodiesAreKeptWithinTheBudgetOfTheirSender"},
	},
	{
		name:    "budgets: a body may come as slowly as it likes",
		changes: []change{replaceIn(symbol{"api", "budgetedBody.deadline"}, "min(bodyTime+earned, bodyTimeInAll)", "bodyTimeInAll+earned")},
		tests:   tests{"api", "TestABodyMayComeAsSlowlyAsItsRate"},
	},
	{
		name: "budgets: a push is decompressed while it comes",
		changes: []change{replaceIn(symbol{"api", "Server.push"}, "if _, err := body.ReadFrom(c.Request().Body); err != nil {",
			"var from io.Reader = c.Request().Body\nif unpack != nil {\nfrom, _ = gzip.NewReader(from)\n}\nif _, err := body.ReadFrom(from); err != nil {")},
		tests: tests{"api", "TestAnUnfinishedCompressedBodyTakesWhatHasComeOfIt"},
	},
	{
		name:    "budgets: any number of devices is known",
		changes: []change{replaceIn(symbol{"internal/sync", "QueueDeviceBound"}, "MaxDevices-1)", "MaxDevices+1)")},
		tests:   tests{"internal/sync", "TestADeviceThatWasHeardLongAgoGivesWayToAFurtherOne"},
	},
	{
		name:    "a request that could not be done now keeps its key",
		changes: []change{replaceIn(symbol{"api", "isUndone"}, "asFault(err).Code != fault.Internal", "statusOf(asFault(err).Code) < 500")},
		tests:   tests{"api", "TestWhatCouldNotBeDoneNowMayBeSentAgainWithItsKey"},
	},
	{
		name:    "a request that may be done gives its key back",
		changes: []change{replaceIn(symbol{"internal/db", "asEnded"}, `fmt.Errorf("%w: %w", ErrMayBeDone, err)`, "err")},
		tests:   tests{"internal/db", "TestACommitWithoutAnAnswerMayBeDone"},
	},
}

// memberMutations break who may give and take which role.
var memberMutations = []mutation{
	{
		name:    "members: more is given than one has",
		changes: []change{replaceIn(symbol{"internal/organization", "Role.mayHandle"}, "!r.covers(other.Permissions...)", "false")},
		tests:   tests{"api", "TestNobodyGivesOrTakesMoreThanTheyHave"},
	},
	{
		name:    "members: the owner's role is like any other",
		changes: []change{replaceIn(symbol{"internal/organization", "Role.mayHandle"}, "case other.IsOwner():", "case false:")},
		tests:   tests{"api", "TestNothingTakesTheOrganizationFromItsOwner"},
	},
	{
		name:    "members: another organization's role is no mistake of a field",
		changes: []change{replaceIn(symbol{"internal/organization", "store.knownRole"}, "if isNotFound(err) {", "if false {")},
		tests:   tests{"api", "TestRolesAndMembersOfAnotherOrganizationAreUnknown"},
	},
	{
		name:    "members: whoever is a member removes anybody",
		changes: []change{replaceIn(symbol{"api", "Server.bySession"}, `c.Param("user_id") == actor.UserID.String()`, "true")},
		tests:   tests{"api", "TestEveryRouteKnowsWhoMayCallIt"},
	},
}
