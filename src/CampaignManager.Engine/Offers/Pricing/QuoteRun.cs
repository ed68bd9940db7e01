using CampaignManager.Engine.Experiments;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>One quote from beginning to end, on buffers that are kept for the next.</summary>
internal sealed class QuoteRun
{
    private static readonly QuoteSettings Unlimited = QuoteSettings.Default with { IgnoreLimits = true };

    [ThreadStatic]
    private static QuoteRun? kept;

    [ThreadStatic]
    private static QuoteRun? trials;

    private readonly CartState state = new();
    private readonly GrantBuffer buffer = new();
    private readonly Evaluator evaluator;
    private readonly Eligibility eligibility;
    private readonly Journal journal;
    private CompiledCampaigns campaigns = null!;
    private readonly AssignmentBatch arms = new();
    private long[] budgets = [];
    private bool[] held = [];
    private bool[] asked = [];
    private ReasonCode[] eligible = [];
    private bool[] resolved = [];

    private QuoteRun()
    {
        evaluator = new Evaluator(state, buffer);
        eligibility = new Eligibility(state, evaluator);
        journal = new Journal(state, buffer);
    }

    /// <summary>What became of each campaign, by index.</summary>
    public Grant[] Outcomes { get; private set; } = [];

    /// <summary>Place of the code that set a campaign off; −1 for none.</summary>
    public int[] Codes { get; private set; } = [];

    public CartState State => state;

    public Journal Journal => journal;

    public Eligibility Eligibility => eligibility;

    /// <summary>What is left of a campaign's budget.</summary>
    public long BudgetLeft(CompiledCampaign campaign) => budgets[campaign.Index];

    /// <summary>The buffers of this thread; none are taken twice at once, because a quote waits for nothing.</summary>
    public static QuoteRun Rent()
    {
        var run = kept ?? new QuoteRun();
        kept = null;
        return run;
    }

    /// <summary>Gives the buffers back; those of an unusually large cart are let go.</summary>
    public static void Return(QuoteRun run)
    {
        if (run.state.Unit.Length <= 16_384 && run.journal.Capacity <= 65_536)
            kept = run;
    }

    /// <summary>Buffers to try other carts on, while those of the quote are still needed.</summary>
    public static QuoteRun RentForTrials()
    {
        var run = trials ?? new QuoteRun();
        trials = null;
        return run;
    }

    /// <summary>As <see cref="Return"/>.</summary>
    public static void ReturnFromTrials(QuoteRun run)
    {
        if (run.state.Unit.Length <= 16_384 && run.journal.Capacity <= 65_536)
            trials = run;
    }

    /// <summary>All that is saved, off goods and shipping.</summary>
    public long Saved => state.GoodsAtList + state.Cart.Shipping - state.Payable;

    /// <summary>The scopes that count for this customer cover the line.</summary>
    public bool Covers(CompiledCampaign campaign, int line) => evaluator.Covers(campaign, line);

    public void Price(Cart cart, CompiledCampaigns all, Usage usage, QuoteSettings settings, DateTime at)
    {
        Load(cart, all);
        eligibility.Load(all, usage, settings, at);
        for (var i = 0; i < all.Count; i++)
        {
            ref var outcome = ref Outcomes[i];
            outcome = Grant.Refused(eligibility.Check(all.Turns[i], out var limit, out budgets[i], out Codes[i]));
            outcome.Limit = limit;
        }

        HoldOut();
        for (var i = 0; i < all.Count; i++)
            eligible[i] = Outcomes[i].Reason;
        Resolve(settings.ConflictResolution);
    }

    /// <summary>Prices other goods for the same customer at the same moment: what stands against campaigns but amounts is known.</summary>
    /// <param name="first">The quote of the cart itself.</param>
    /// <param name="cart">Its lines, and maybe one more.</param>
    /// <param name="like">In what scopes the line more is: those of this one.</param>
    /// <param name="resolution">Who wins when a campaign applies alone.</param>
    /// <param name="without">A campaign that is not there.</param>
    /// <param name="granted">A campaign that nothing stands against any more.</param>
    public void Again(QuoteRun first, Cart cart, int like, ConflictResolution resolution, CompiledCampaign? without = null, CompiledCampaign? granted = null)
    {
        Load(cart, first.campaigns, first.state, like);
        for (var i = 0; i < campaigns.Count; i++)
            (Outcomes[i], budgets[i]) = (Grant.Refused(first.eligible[i]), first.budgets[i]);
        if (without is not null)
            Outcomes[without.Index] = Grant.Refused(ReasonCode.NoEffect);
        if (granted is not null)
            Outcomes[granted.Index] = Grant.Refused(ReasonCode.Applied);
        Resolve(resolution);
    }

    /// <summary>Limited campaigns against which nothing stands but limits, codes issued one by one, or what the cart's amounts decide.</summary>
    public HashSet<string> WhoseUsageMatters(Cart cart, CompiledCampaigns all, DateTime at)
    {
        Load(cart, all);
        eligibility.Load(all, Usage.None, Unlimited, at);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var campaign in all.Turns)
        {
            if ((campaign.HasLimits || campaign.TakesCode) && eligibility.Check(campaign, out _, out _, out _) is ReasonCode.Applied or ReasonCode.CodeUnknown)
                ids.Add(campaign.Id);
        }

        return ids;
    }

    /// <summary>Takes a cart in, without any campaign applied.</summary>
    public void Begin(Cart cart, CompiledCampaigns all)
    {
        Load(cart, all);
        Array.Clear(Outcomes);
    }

    /// <summary>Applies a campaign, whatever its conditions but its thresholds.</summary>
    /// <returns>How far its thresholds were reached.</returns>
    public long Apply(CompiledCampaign campaign, long most) => Note(campaign, evaluator.Evaluate(campaign, most));

    /// <summary>Applies what a campaign is known to give, by line.</summary>
    public void ApplyShares(CompiledCampaign campaign, ReadOnlySpan<long> shares) => Note(campaign, evaluator.Fixed(shares));

    private long Note(CompiledCampaign campaign, in Grant outcome)
    {
        Outcomes[campaign.Index] = outcome;
        if (outcome.Applies)
            journal.Commit(campaign, outcome);
        return outcome.Level;
    }

    private void Load(Cart cart, CompiledCampaigns all, CartState? known = null, int like = -1)
    {
        campaigns = all;
        state.Load(cart, all.Scopes, known, like);
        buffer.Load(state);
        evaluator.Load(cart);
        journal.Clear();
        if (Outcomes.Length < all.Count)
        {
            (Outcomes, Codes, budgets, eligible) = (new Grant[all.Count], new int[all.Count], new long[all.Count], new ReasonCode[all.Count]);
            (held, asked) = (new bool[all.Count], new bool[all.Count]);
        }

        if (resolved.Length < all.Groups.Length)
            resolved = new bool[all.Groups.Length];
        Array.Clear(resolved);
    }

    private void HoldOut()
    {
        if (state.Cart.CustomerId is not { } customer)
            return;
        Array.Clear(held);
        Array.Clear(asked);
        arms.Start(customer);
        var known = campaigns.Arms.Of(customer);
        var drawn = false;
        for (var i = 0; i < campaigns.Count; i++)
        {
            var campaign = campaigns.Turns[i];
            if (!eligibility.AsksForArm(campaign, Outcomes[i].Reason, Codes[i]))
                continue;
            if (eligibility.HeldOutOfAll)
            {
                held[i] = true;
                continue;
            }

            if (known is not null && known.Knows(i))
            {
                held[i] = known.IsHeld(i);
                continue;
            }

            asked[i] = drawn = true;
            arms.Add(campaign.Live.HoldoutSalt!, campaign.Salt!, campaign.Live.HoldoutShare, i, held);
        }

        arms.Finish(held);
        if (drawn)
            campaigns.Arms.Remember(customer, known, asked, held);
        for (var i = 0; i < campaigns.Count; i++)
        {
            if (held[i])
                Outcomes[i] = Grant.Refused(ReasonCode.Holdout);
        }
    }

    private void Resolve(ConflictResolution resolution)
    {
        var (winner, alone) = Alone(resolution);
        Together();
        var together = journal.Count > 0;
        var payable = state.Payable;
        if (winner is null)
            return;
        var price = state.Cart.Shipping + state.GoodsAtList - alone.Amount;
        var wins = resolution == ConflictResolution.Priority || !together || price < payable || (price == payable && alone.GiftValue > state.GiftValue);
        if (!wins)
        {
            Exclude(campaigns.Exclusives, journal.First, payable, payable);
            return;
        }

        state.Reset();
        journal.Clear();
        var again = evaluator.Evaluate(winner, budgets[winner.Index]);
        journal.Commit(winner, again);
        Exclude(campaigns.Turns, winner.Index, price, payable);
        Outcomes[winner.Index] = again;
    }

    /// <summary>Each exclusive campaign on the untouched cart; the best one, if any applies.</summary>
    private (CompiledCampaign? Winner, Grant Alone) Alone(ConflictResolution resolution)
    {
        CompiledCampaign? winner = null;
        Grant best = default;
        foreach (var campaign in campaigns.Exclusives)
        {
            ref var outcome = ref Outcomes[campaign.Index];
            if (!outcome.Applies)
                continue;
            outcome = evaluator.Evaluate(campaign, budgets[campaign.Index]);
            if (outcome.Applies && (winner is null || (resolution == ConflictResolution.BestForCustomer && outcome.Beats(best))))
                (winner, best) = (campaign, outcome);
        }

        return (winner, best);
    }

    /// <summary>All that do not apply alone, each on what the ones before left.</summary>
    private void Together()
    {
        foreach (var campaign in campaigns.Turns)
        {
            if (campaign.Exclusive || !Outcomes[campaign.Index].Applies)
                continue;
            if (campaign.Group >= 0)
            {
                TakeGroup(campaign);
                continue;
            }

            ref var outcome = ref Outcomes[campaign.Index];
            outcome = evaluator.Evaluate(campaign, budgets[campaign.Index]);
            if (outcome.Applies)
                journal.Commit(campaign, outcome);
        }
    }

    private void TakeGroup(CompiledCampaign turn)
    {
        if (resolved[turn.Group])
            return;
        var members = campaigns.Groups[turn.Group];
        // The turn is that of the member of the highest priority among those that may apply.
        foreach (var member in members)
        {
            if (!Outcomes[member.Index].Applies)
                continue;
            if (member != turn)
                return;
            break;
        }

        resolved[turn.Group] = true;
        CompiledCampaign? best = null;
        CompiledCampaign? last = null;
        foreach (var member in members)
        {
            ref var outcome = ref Outcomes[member.Index];
            if (!outcome.Applies)
                continue;
            outcome = evaluator.Evaluate(member, budgets[member.Index]);
            last = member;
            if (outcome.Applies && (best is null || outcome.Beats(Outcomes[best.Index])))
                best = member;
        }

        if (best is null)
            return;
        foreach (var member in members)
        {
            ref var outcome = ref Outcomes[member.Index];
            if (member != best && outcome.Applies)
                (outcome.Reason, outcome.Rival, outcome.By) = (ReasonCode.LostInGroup, best.Index, Outcomes[best.Index].Amount - outcome.Amount);
        }

        if (last != best)
            evaluator.Evaluate(best, budgets[best.Index]);
        journal.Commit(best, Outcomes[best.Index]);
    }

    private void Exclude(CompiledCampaign[] some, int rival, long paid, long together)
    {
        foreach (var campaign in some)
        {
            ref var outcome = ref Outcomes[campaign.Index];
            if (outcome.Reason is not (ReasonCode.Applied or ReasonCode.LostInGroup))
                continue;
            var instead = campaign.Exclusive ? state.Cart.Shipping + state.GoodsAtList - outcome.Amount : together;
            // By priority the dearer choice may win: then there is nothing to boast of.
            (outcome.Reason, outcome.Rival, outcome.By) = (ReasonCode.ExcludedBy, rival, Math.Max(0, instead - paid));
        }
    }
}
