namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>What a little more would bring, campaign by campaign.</summary>
internal static class NearMisses
{
    public static IReadOnlyList<NearMiss> Of(QuoteRun run, CompiledCampaigns campaigns)
    {
        List<NearMiss>? misses = null;
        var saved = run.State.GoodsAtList + run.State.Cart.Shipping - run.State.Payable;
        var alone = run.Journal.Count > 0 && run.Journal.Applied[0].Exclusive;
        foreach (var campaign in campaigns.Turns)
        {
            ref readonly var outcome = ref run.Outcomes[campaign.Index];
            if (outcome.Reason is not (ReasonCode.Applied or ReasonCode.BelowThreshold) || (alone && !campaign.Exclusive))
                continue;
            if (Next(campaign, outcome, run.State) is not { } next)
                continue;
            // What it would take the place of does not count as gained.
            var gain = next.Saves - (campaign.Exclusive ? saved : Replaced(run, campaigns, campaign));
            if (!Affordable(run.BudgetLeft(campaign), campaign, next.Saves) || (gain <= 0 && (next.Gift is null || gain < 0)))
                continue;
            misses ??= [];
            misses.Add(new NearMiss(campaign.Id, next.Missing, outcome.MissingIsQuantity, gain, next.Gift, outcome.Applies));
        }

        return misses is null ? [] : misses;
    }

    private static long Replaced(QuoteRun run, CompiledCampaigns campaigns, CompiledCampaign campaign)
    {
        if (campaign.Group < 0)
            return run.Outcomes[campaign.Index].Applies ? run.Outcomes[campaign.Index].Amount : 0;
        foreach (var member in campaigns.Groups[campaign.Group])
        {
            if (run.Outcomes[member.Index].Applies)
                return run.Outcomes[member.Index].Amount;
        }

        return 0;
    }

    private static bool Affordable(long left, CompiledCampaign campaign, long saves) => saves <= left || (campaign.PartialBudget && left > 0);

    private static (long Missing, long Saves, string? Gift)? Next(CompiledCampaign campaign, in Grant now, CartState state)
    {
        var mechanic = campaign.Mechanic;
        if (mechanic.Steps.Length == 0)
            return null;
        if (mechanic.Kind == MechanicKind.Every || mechanic is { Kind: MechanicKind.Gift, GiftPerTimes: true })
            return Repeated(mechanic, now);
        var step = 0;
        while (step < mechanic.Steps.Length && mechanic.Steps[step].Threshold <= now.Basis)
            step++;
        if (step == mechanic.Steps.Length)
            return null;
        var missing = mechanic.Steps[step].Threshold - now.Basis;
        var sum = mechanic.ByQuantity ? now.Sum : now.Sum > long.MaxValue - missing ? long.MaxValue : now.Sum + missing;
        return mechanic.Kind switch
        {
            MechanicKind.Tiers => (missing, Math.Min(mechanic.Cap, mechanic.Steps[step].Share > 0 ? Mechanic.Part(sum, mechanic.Steps[step].Share) : Math.Min(sum, mechanic.Steps[step].Off)), null),
            MechanicKind.FreeShipping => (missing, Math.Min(mechanic.Cap, state.Shipping), null),
            MechanicKind.Gift => (missing, 0, mechanic.Gifts[step].Sku),
            _ => null,
        };
    }

    private static (long Missing, long Saves, string? Gift)? Repeated(Mechanic mechanic, in Grant now)
    {
        var every = mechanic.Steps[0].Threshold;
        var times = now.Basis / every + 1;
        if (times > mechanic.MaxTimes)
            return null;
        var missing = every - now.Basis % every;
        if (mechanic.Kind == MechanicKind.Gift)
            return (missing, 0, mechanic.Gifts[0].Sku);
        var most = (Int128)now.Sum + missing;
        return (missing, (long)Int128.Min(Int128.Min((Int128)mechanic.Steps[0].Off * times, most), long.MaxValue), null);
    }
}
