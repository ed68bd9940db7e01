namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>
/// What a little more would bring, campaign by campaign. Tried, not reckoned: the cart is priced again with one unit more like its largest line in scope, so that what other campaigns
/// take off what is added, and what the offer displaces, is in it.
/// </summary>
internal sealed class NearMisses
{
    private const int MostCandidates = 3;
    private const int MostQuotes = 8;

    private readonly QuoteRun run;
    private readonly QuoteRun trial;
    private readonly ConflictResolution resolution;
    private readonly CartLine[] lines;
    private readonly Cart cart;

    private NearMisses(QuoteRun run, QuoteRun trial, ConflictResolution resolution)
    {
        (this.run, this.trial, this.resolution) = (run, trial, resolution);
        lines = [.. run.State.Cart.Lines, null!];
        cart = run.State.Cart with { Lines = lines };
    }

    /// <summary>At most three, the nearest first.</summary>
    public static IReadOnlyList<NearMiss> Of(QuoteRun run, CompiledCampaigns campaigns, ConflictResolution resolution)
    {
        var alone = run.Journal.Count > 0 && run.Journal.Applied[0].Exclusive;
        List<Candidate>? candidates = null;
        foreach (var campaign in campaigns.Turns)
        {
            ref readonly var outcome = ref run.Outcomes[campaign.Index];
            // Of a guest nobody knows the arm: an offer that some do not get is not promised.
            if (outcome.Reason == ReasonCode.CustomerNeeded && campaign.Salt is null)
                (candidates ??= []).Add(new Candidate(campaign, -1, 0, 0, 0));
            else if (outcome.Reason is ReasonCode.Applied or ReasonCode.BelowThreshold && (!alone || campaign.Exclusive) && Next(campaign, outcome, run) is { } next)
                (candidates ??= []).Add(next);
        }

        if (candidates is null)
            return [];
        candidates.Sort((a, b) => a.Far != b.Far ? a.Far.CompareTo(b.Far) : a.Campaign.Index.CompareTo(b.Campaign.Index));
        var trial = QuoteRun.RentForTrials();
        var tried = new NearMisses(run, trial, resolution);
        List<NearMiss> misses = [];
        for (var i = 0; i < candidates.Count && i < MostCandidates; i++)
        {
            if ((candidates[i].Like < 0 ? tried.SignedIn(candidates[i].Campaign) : tried.Reach(candidates[i])) is { } miss)
                misses.Add(miss);
        }

        QuoteRun.ReturnFromTrials(trial);
        return misses;
    }

    /// <summary>The step above what is reached, and the line that more goods would be like; null without either.</summary>
    private static Candidate? Next(CompiledCampaign campaign, in Grant now, QuoteRun run)
    {
        var mechanic = campaign.Mechanic;
        if (mechanic.Steps.Length == 0)
            return null;
        Int128 threshold;
        if (mechanic.Kind == MechanicKind.Every || mechanic is { Kind: MechanicKind.Gift, GiftPerTimes: true })
        {
            var times = now.Basis / mechanic.Steps[0].Threshold + 1;
            if (times > mechanic.MaxTimes)
                return null;
            threshold = (Int128)mechanic.Steps[0].Threshold * times;
        }
        else
        {
            var step = 0;
            while (step < mechanic.Steps.Length && mechanic.Steps[step].Threshold <= now.Basis)
                step++;
            if (step == mechanic.Steps.Length)
                return null;
            threshold = mechanic.Steps[step].Threshold;
        }

        var like = -1;
        for (var i = 0; i < run.State.LineCount; i++)
        {
            if (run.Covers(campaign, i) && (like < 0 || run.State.List[i] > run.State.List[like]
                || (run.State.List[i] == run.State.List[like] && string.CompareOrdinal(run.State.Cart.Lines[i].Id, run.State.Cart.Lines[like].Id) < 0)))
            {
                like = i;
            }
        }

        if (like < 0 || threshold > long.MaxValue)
            return null;
        var missing = (long)threshold - now.Basis;
        return new Candidate(campaign, like, (long)threshold, missing, mechanic.ByQuantity ? (Int128)missing * run.State.Cart.Lines[like].UnitPrice : missing);
    }

    private NearMiss? Reach(in Candidate candidate)
    {
        var campaign = candidate.Campaign;
        var more = candidate.Missing;
        for (var quotes = 0; ; quotes++)
        {
            if (quotes == MostQuotes || !Fits(candidate, more))
                return null;
            Price(candidate, more);
            if (Reached(campaign))
                break;
            ref readonly var outcome = ref trial.Outcomes[campaign.Index];
            var still = outcome.Reason is ReasonCode.Applied or ReasonCode.BelowThreshold ? candidate.Threshold - outcome.Basis : 0;
            if (still <= 0)
                return null;
            more = more > long.MaxValue - still ? long.MaxValue : more + still;
        }

        var (saved, gift) = (trial.Saved, GiftOf(campaign));
        if (more > 1)
        {
            Price(candidate, more - 1);
            if (Reached(campaign))
                (more, saved, gift) = (more - 1, trial.Saved, GiftOf(campaign));
        }

        Price(candidate, more, without: campaign);
        ref readonly var now = ref run.Outcomes[campaign.Index];
        // What it gives already is not gained; neither is what others would give instead.
        var gain = saved - trial.Saved - (now.Applies ? now.Amount : 0);
        return gain > 0 || (gain == 0 && gift is not null) ? new NearMiss(campaign.Id, more, campaign.Mechanic.ByQuantity, gain, gift, now.Applies) : null;
    }

    private NearMiss? SignedIn(CompiledCampaign campaign)
    {
        trial.Again(run, run.State.Cart, -1, resolution, granted: campaign);
        if (!trial.Outcomes[campaign.Index].Applies)
            return null;
        var (saved, gift) = (trial.Saved, GiftOf(campaign));
        var gain = saved - run.Saved;
        return gain > 0 || (gain == 0 && gift is not null) ? new NearMiss(campaign.Id, 0, false, gain, gift, false) { IsCustomer = true } : null;
    }

    /// <summary>It applies, or applies by a higher step than now.</summary>
    private bool Reached(CompiledCampaign campaign)
    {
        ref readonly var now = ref run.Outcomes[campaign.Index];
        ref readonly var then = ref trial.Outcomes[campaign.Index];
        return then.Applies && (!now.Applies || then.Level > now.Level);
    }

    private string? GiftOf(CompiledCampaign campaign) =>
        trial.Outcomes[campaign.Index] is { GiftCount: > 0, GiftStep: var step } ? campaign.Mechanic.Gifts[step].Sku : null;

    private bool Fits(in Candidate candidate, long more)
    {
        var quantity = candidate.Campaign.Mechanic.ByQuantity;
        if (run.State.UnitCount + (quantity ? more : 1) > CartValidation.MostUnits)
            return false;
        return (Int128)run.State.GoodsAtList + run.State.Cart.Shipping + (quantity ? (Int128)more * run.State.Cart.Lines[candidate.Like].UnitPrice : more) <= long.MaxValue;
    }

    private void Price(in Candidate candidate, long more, CompiledCampaign? without = null)
    {
        var like = run.State.Cart.Lines[candidate.Like];
        // The last of all ids: where units tie, what is added comes after what is there.
        lines[^1] = candidate.Campaign.Mechanic.ByQuantity
            ? like with { Id = "\uFFFF", Quantity = (int)more, MinUnitPrice = 0 }
            : like with { Id = "\uFFFF", Quantity = 1, UnitPrice = more, MinUnitPrice = 0 };
        trial.Again(run, cart, candidate.Like, resolution, without);
    }

    // Like: the line in scope with the largest list total; −1 where only a customer is missing. Far: what is missing, in money.
    private readonly record struct Candidate(CompiledCampaign Campaign, int Like, long Threshold, long Missing, Int128 Far);
}
