namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Makes the answer out of a finished run.</summary>
internal readonly struct QuoteBuilder(QuoteRun run, CompiledCampaigns campaigns, QuoteSettings settings)
{
    /// <param name="cart">As it was sent, with the lines that are not bought.</param>
    /// <param name="nearMisses">What a little more would bring.</param>
    public Quote Build(Cart cart, IReadOnlyList<NearMiss> nearMisses)
    {
        var state = run.State;
        return new Quote
        {
            Currency = state.Cart.Currency,
            Lines = Lines(),
            Unselected = ReferenceEquals(cart, state.Cart) ? []
                : [.. cart.Lines.Where(l => !l.Selected).Select(l => new UnselectedLine(l.Id, l.Sku, l.Quantity, l.UnitPrice * l.Quantity))],
            GoodsTotal = state.GoodsAtList,
            DiscountTotal = state.GoodsAtList - state.Goods,
            Shipping = state.Cart.Shipping,
            ShippingDiscount = state.Cart.Shipping - state.Shipping,
            Campaigns = Outcomes(),
            Applied = Applied(),
            NearMisses = nearMisses,
            Codes = Codes(),
        };
    }

    /// <summary>The same prices for another reader.</summary>
    public Quote Explained(Quote quote, IReadOnlyList<NearMiss> nearMisses) =>
        quote with { Campaigns = Outcomes(), NearMisses = nearMisses, Codes = Codes() };

    private QuoteLine[] Lines()
    {
        var state = run.State;
        var entries = run.Journal.Entries;
        var gifts = 0;
        foreach (var campaign in run.Journal.Applied)
            gifts += run.Outcomes[campaign.Index].GiftCount > 0 ? 1 : 0;
        var lines = new QuoteLine[state.LineCount + gifts];
        var counts = state.LineCount <= 256 ? stackalloc int[state.LineCount] : new int[state.LineCount];
        foreach (ref readonly var entry in entries)
            counts[entry.Line]++;
        var byLine = new LineDiscount[state.LineCount][];
        for (var i = 0; i < byLine.Length; i++)
            (byLine[i], counts[i]) = (counts[i] == 0 ? [] : new LineDiscount[counts[i]], 0);
        foreach (ref readonly var entry in entries)
            byLine[entry.Line][counts[entry.Line]++] = new LineDiscount(entry.Campaign.Id, entry.Amount, run.Journal.UnitsOf(entry));
        for (var i = 0; i < state.LineCount; i++)
        {
            var line = state.Cart.Lines[i];
            lines[i] = new QuoteLine
            {
                Id = line.Id,
                Sku = line.Sku,
                Quantity = line.Quantity,
                ListTotal = state.List[i],
                Discount = state.List[i] - state.Running[i],
                Discounts = byLine[i],
            };
        }

        if (gifts > 0)
            Gifts(lines);
        return lines;
    }

    private void Gifts(QuoteLine[] lines)
    {
        var next = run.State.LineCount;
        foreach (var campaign in run.Journal.Applied)
        {
            ref readonly var outcome = ref run.Outcomes[campaign.Index];
            if (outcome.GiftCount == 0)
                continue;
            var id = "gift:" + campaign.Id;
            // The caller's lines may bear any id.
            while (Taken(lines.AsSpan(0, next), id))
                id += "'";
            lines[next++] = new QuoteLine
            {
                Id = id,
                Sku = campaign.Mechanic.Gifts[outcome.GiftStep].Sku,
                Quantity = outcome.GiftCount,
                ListTotal = 0,
                Discount = 0,
                Discounts = [],
                GiftOf = campaign.Id,
            };
        }
    }

    private static bool Taken(ReadOnlySpan<QuoteLine> lines, string id)
    {
        foreach (var line in lines)
        {
            if (line.Id == id)
                return true;
        }

        return false;
    }

    private string[] Applied()
    {
        var applied = run.Journal.Applied;
        var ids = applied.Length == 0 ? [] : new string[applied.Length];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = applied[i].Id;
        return ids;
    }

    private CampaignOutcome[] Outcomes()
    {
        var count = 0;
        for (var i = 0; i < campaigns.Count; i++)
            count += Shown(campaigns.Turns[i]) ? 1 : 0;
        if (count == 0)
            return [];
        var outcomes = new CampaignOutcome[count];
        count = 0;
        for (var i = 0; i < campaigns.Count; i++)
        {
            if (Shown(campaigns.Turns[i]))
                outcomes[count++] = Outcome(campaigns.Turns[i]);
        }

        return outcomes;
    }

    private CampaignOutcome Outcome(CompiledCampaign campaign)
    {
        ref readonly var outcome = ref run.Outcomes[campaign.Index];
        var code = run.Codes[campaign.Index] is >= 0 and var place ? run.Eligibility.KeyOf(campaign, place) : null;
        return new CampaignOutcome(campaign.Id, outcome.Applies, outcome.Applies ? outcome.Amount : 0, outcome.Desired, Reason(outcome), code)
        {
            Basis = outcome.Reason is ReasonCode.Applied or ReasonCode.BelowThreshold or ReasonCode.LostInGroup or ReasonCode.ExcludedBy or ReasonCode.NoEffect ? outcome.Basis : null,
        };
    }

    private QuoteReason? Reason(in Grant outcome) => outcome.Applies ? null : new QuoteReason(outcome.Reason)
    {
        Missing = outcome.Reason == ReasonCode.BelowThreshold ? outcome.Missing : null,
        MissingIsQuantity = outcome.Reason == ReasonCode.BelowThreshold && outcome.MissingIsQuantity,
        CampaignId = outcome.Rival < 0 ? null : campaigns.Turns[outcome.Rival].Id,
        By = outcome.Rival < 0 ? null : outcome.By,
        Limit = outcome.Limit,
    };

    private bool Shown(CompiledCampaign campaign)
    {
        var reason = run.Outcomes[campaign.Index].Reason;
        if (reason == ReasonCode.Applied || settings.Explain == Explain.Full)
            return true;
        if (settings.Explain == Explain.None || reason == ReasonCode.Holdout)
            return false;
        if (reason is ReasonCode.BelowThreshold or ReasonCode.LostInGroup or ReasonCode.ExcludedBy)
            return true;
        // Who signs in may have it.
        if (reason == ReasonCode.CustomerNeeded && !campaign.TakesCode)
            return true;
        // Otherwise a shopper learns only of campaigns whose code was typed, and in whose control arm the shopper is not.
        if (!campaign.TakesCode)
            return false;
        for (var i = 0; i < run.Eligibility.Codes.Count; i++)
        {
            if (run.Eligibility.Owns(campaign, i))
                return !run.Eligibility.IsHeldOut(campaign);
        }

        return false;
    }

    private CodeOutcome[] Codes()
    {
        if (run.Eligibility.Codes.Count == 0)
            return [];
        var codes = new CodeOutcome[run.Eligibility.Codes.Count];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = Code(i);
        return codes;
    }

    private CodeOutcome Code(int place)
    {
        var typed = run.State.Cart.Codes[place];
        var best = new CodeOutcome(typed, null, new QuoteReason(ReasonCode.CodeUnknown));
        List<string> owners = [];
        foreach (var campaign in campaigns.Turns)
        {
            if (!campaign.TakesCode || !run.Eligibility.Owns(campaign, place) || (settings.Explain != Explain.Full && run.Eligibility.IsHeldOut(campaign)))
                continue;
            ref readonly var outcome = ref run.Outcomes[campaign.Index];
            owners.Add(campaign.Id);
            var reason = outcome.Applies ? run.Codes[campaign.Index] == place ? null : new QuoteReason(ReasonCode.NoEffect) : Reason(outcome);
            // Of several campaigns the one that the code sets off speaks for it, then one that it might yet.
            if (best.CampaignId is null || Rank(reason) < Rank(best.Reason))
                best = new CodeOutcome(typed, campaign.Id, reason);
        }

        return owners.Count == 0 ? best : best with { CampaignIds = owners };
    }

    private static int Rank(QuoteReason? reason) => reason is null ? 0 : ReasonCodes.FailsCode(reason.Value.Code) ? 2 : 1;
}
