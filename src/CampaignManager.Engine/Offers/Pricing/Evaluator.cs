namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Works out what one campaign would do to the cart as it stands. Changes nothing but the <see cref="GrantBuffer"/>.</summary>
internal sealed class Evaluator
{
    /// <summary>Of free shipping, by its name in the rules.</summary>
    public const string OnlyIfAllInScope = "onlyIfAllInScope";

    private readonly CartState state;
    private readonly GrantBuffer grant;
    private readonly Spread spread;
    private readonly Sets sets;
    private readonly HashSet<string> segments = new(StringComparer.Ordinal);
    private int[] lines = [];
    private int lineCount;
    private int onlyUnit;

    public Evaluator(CartState state, GrantBuffer grant)
    {
        (this.state, this.grant) = (state, grant);
        (spread, sets) = (new Spread(state, grant), new Sets(state, grant));
    }

    public void Load(Cart cart)
    {
        segments.Clear();
        for (var i = 0; i < cart.Segments.Count; i++)
            segments.Add(cart.Segments[i]);
        if (lines.Length < state.LineCount)
            lines = new int[state.LineCount];
    }

    public bool InSegment(string segment) => segments.Contains(segment);

    /// <summary>The scopes that count for this customer cover the line.</summary>
    public bool Covers(CompiledCampaign campaign, int line)
    {
        if (campaign.SegmentScopes.Length == 0)
            return state.Covers(campaign.Scope, line);
        var (covers, replaced) = (false, false);
        foreach (var (segment, scope) in campaign.SegmentScopes)
        {
            if (!segments.Contains(segment))
                continue;
            replaced = true;
            covers |= state.Covers(scope, line);
        }

        return replaced ? covers : state.Covers(campaign.Scope, line);
    }

    public Grant Evaluate(CompiledCampaign campaign, long budgetLeft)
    {
        grant.Clear();
        var mechanic = campaign.Mechanic;
        var result = new Grant { Rival = -1 };
        var (amount, units) = Collect(campaign);
        if (lineCount == 0)
            return Grant.Refused(ReasonCode.NothingInScope);
        if (mechanic.AllInScope && lineCount < state.LineCount)
            return Grant.Refused(ReasonCode.NothingInScope) with { Limit = OnlyIfAllInScope };
        result.Basis = mechanic.ByQuantity ? units : amount;
        result.MissingIsQuantity = mechanic.ByQuantity;
        var reached = mechanic.Steps.Length - 1;
        while (reached >= 0 && mechanic.Steps[reached].Threshold > result.Basis)
            reached--;
        Filter(campaign);
        result.Sum = Sum();
        if (reached < 0 && mechanic.Steps.Length > 0)
        {
            (result.Reason, result.Missing) = (ReasonCode.BelowThreshold, mechanic.Steps[0].Threshold - result.Basis);
            return result;
        }

        if (mechanic.Kind is not (MechanicKind.Gift or MechanicKind.FreeShipping))
        {
            if (lineCount == 0)
                return Nothing(result);
            grant.Touch(lines.AsSpan(0, lineCount));
        }

        result.Level = reached + (mechanic.Steps is [{ Threshold: 0 }, ..] ? 0 : 1);
        Work(mechanic, reached, ref result);
        if (result.Reason != ReasonCode.Applied)
            return result;
        if (result.Amount == 0 && result.GiftCount == 0)
            return Nothing(result);
        if (result.Amount > budgetLeft)
            Shorten(campaign, budgetLeft, ref result);
        return result;
    }

    /// <summary>A share that is known already, by line; no line gives more than it costs.</summary>
    public Grant Fixed(ReadOnlySpan<long> shares)
    {
        grant.Clear();
        lineCount = 0;
        for (var i = 0; i < state.LineCount; i++)
        {
            if (shares[i] > 0)
                lines[lineCount++] = i;
        }

        grant.Touch(lines.AsSpan(0, lineCount));
        for (var i = 0; i < lineCount; i++)
            spread.OverLine(lines[i], shares[lines[i]]);
        var result = new Grant { Rival = -1, Goods = grant.Total() };
        return result.Goods == 0 ? Nothing(result) : result;
    }

    private static Grant Nothing(Grant result)
    {
        result.Reason = ReasonCode.NoEffect;
        return result;
    }

    private void Work(Mechanic mechanic, int reached, ref Grant result)
    {
        var eligible = lines.AsSpan(0, lineCount);
        switch (mechanic.Kind)
        {
            case MechanicKind.Tiers:
                var step = mechanic.Steps[reached];
                result.Desired = Math.Min(mechanic.Cap, step.Share > 0 ? Mechanic.Part(result.Sum, step.Share) : step.Off);
                result.Goods = OverOrder(result.Desired, result.Sum);
                break;
            case MechanicKind.Every:
                var times = Math.Min(result.Basis / mechanic.Steps[0].Threshold, mechanic.MaxTimes);
                result.Level = times;
                result.Desired = Times(mechanic.Steps[0].Off, times);
                result.Goods = OverOrder(result.Desired, result.Sum);
                break;
            case MechanicKind.AmountPerOrder:
                result.Desired = mechanic.Amount;
                result.Goods = OverOrder(result.Desired, result.Sum);
                break;
            case MechanicKind.AmountPerUnit or MechanicKind.FixedPrice:
                PerUnit(mechanic, ref result);
                break;
            case MechanicKind.BuyGet:
                result.Level = sets.BuyAndGet(eligible, mechanic);
                if (result.Level == 0)
                    Incomplete(ref result);
                else
                    Picked(Mechanic.Part(sets.TakenSum, mechanic.GetShare), ref result);
                break;
            case MechanicKind.Bundle:
                var saved = sets.Bundle(eligible, mechanic, out result.Level);
                if (result.Level == 0 && sets.Missing > 0)
                    Incomplete(ref result);
                else
                    Picked(saved, ref result);
                break;
            case MechanicKind.Gift:
                Give(mechanic, reached, ref result);
                break;
            case MechanicKind.FreeShipping:
                result.Desired = result.Shipping = Math.Min(mechanic.Cap, state.Shipping);
                break;
            default:
                throw new InvalidOperationException($"Mechanic {mechanic.Kind} has no rule.");
        }
    }

    /// <summary>In-scope selected lines, their amount for thresholds and their units.</summary>
    private (long Amount, long Units) Collect(CompiledCampaign campaign)
    {
        lineCount = 0;
        onlyUnit = -1;
        long amount = 0;
        long units = 0;
        var net = campaign.NetOfTax && state.Cart.PricesIncludeTax;
        var (counted, start, bySegment) = (campaign.ThresholdOnList ? state.List : state.Running, state.Start, campaign.SegmentScopes.Length > 0);
        for (var i = 0; i < state.LineCount; i++)
        {
            if (bySegment ? !Covers(campaign, i) : !state.Covers(campaign.Scope, i))
                continue;
            lines[lineCount++] = i;
            amount += net ? NetOfTax(counted[i], state.Cart.Lines[i].TaxRate) : counted[i];
            units += start[i + 1] - start[i];
        }

        return (amount, units);
    }

    private static long NetOfTax(long amount, decimal rate) => rate > 0 ? (long)Math.Round(amount * 100m / (100 + rate), MidpointRounding.AwayFromZero) : amount;

    private void Filter(CompiledCampaign campaign)
    {
        if (campaign.OnlyUndiscounted)
        {
            var kept = 0;
            for (var i = 0; i < lineCount; i++)
            {
                if (state.Running[lines[i]] == state.List[lines[i]])
                    lines[kept++] = lines[i];
            }

            lineCount = kept;
        }

        if (!campaign.CheapestOnly || lineCount == 0)
            return;
        var cheapest = 0;
        for (var i = 0; i < lineCount; i++)
        {
            for (var u = state.Start[lines[i]]; u < state.Start[lines[i] + 1]; u++)
            {
                if (onlyUnit < 0 || state.Unit[u] < state.Unit[onlyUnit])
                    (onlyUnit, cheapest) = (u, lines[i]);
            }
        }

        (lines[0], lineCount) = (cheapest, 1);
    }

    private long Sum()
    {
        if (onlyUnit >= 0)
            return state.Unit[onlyUnit];
        long sum = 0;
        for (var i = 0; i < lineCount; i++)
            sum += state.Running[lines[i]];
        return sum;
    }

    private long OverOrder(long desired, long sum)
    {
        if (onlyUnit < 0)
            return spread.OverLines(lines.AsSpan(0, lineCount), desired, sum);
        var off = Math.Min(Math.Min(desired, sum), spread.Room(lines[0]));
        grant.Units[onlyUnit] = grant.Lines[lines[0]] = off;
        return off;
    }

    private void PerUnit(Mechanic mechanic, ref Grant result)
    {
        if (mechanic.MaxUnitsPer != UnitsPer.Line && mechanic.MaxUnits < int.MaxValue)
        {
            Dearest(mechanic, ref result);
            return;
        }

        for (var i = 0; i < lineCount; i++)
        {
            var room = spread.Room(lines[i]);
            var used = 0;
            for (var u = state.Start[lines[i]]; u < state.Start[lines[i] + 1] && used < mechanic.MaxUnits; u++)
            {
                var most = mechanic.Kind == MechanicKind.FixedPrice ? state.Unit[u] - mechanic.Amount : state.Unit[u];
                if (most <= 0 || (onlyUnit >= 0 && u != onlyUnit))
                    continue;
                used++;
                var wanted = mechanic.Kind == MechanicKind.FixedPrice ? most : mechanic.Amount;
                result.Desired = Plus(result.Desired, wanted);
                var off = Math.Min(Math.Min(wanted, most), room);
                grant.Units[u] = off;
                room -= off;
            }
        }

        result.Goods = grant.Total();
    }

    /// <summary>So many units over all lines of a SKU, or of the order: the dearest first, where units tie by line id.</summary>
    private void Dearest(Mechanic mechanic, ref Grant result)
    {
        var ranks = state.Ranks();
        List<(long Price, int Rank, int Line, int Unit)> units = [];
        for (var i = 0; i < lineCount; i++)
        {
            for (var u = state.Start[lines[i]]; u < state.Start[lines[i] + 1]; u++)
            {
                if ((onlyUnit < 0 || u == onlyUnit) && state.Unit[u] > (mechanic.Kind == MechanicKind.FixedPrice ? mechanic.Amount : 0))
                    units.Add((state.Unit[u], ranks[lines[i]], lines[i], u));
            }
        }

        units.Sort((a, b) => a.Price != b.Price ? b.Price.CompareTo(a.Price) : a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank) : a.Unit.CompareTo(b.Unit));
        Dictionary<string, int> used = new(StringComparer.Ordinal);
        foreach (var (price, _, line, unit) in units)
        {
            var counted = mechanic.MaxUnitsPer == UnitsPer.Sku ? state.Cart.Lines[line].Sku : "";
            if (used.GetValueOrDefault(counted) is var before && before == mechanic.MaxUnits)
                continue;
            used[counted] = before + 1;
            var wanted = mechanic.Kind == MechanicKind.FixedPrice ? price - mechanic.Amount : mechanic.Amount;
            result.Desired = Plus(result.Desired, wanted);
            grant.Units[unit] = Math.Min(Math.Min(wanted, price), spread.Room(line) - grant.Lines[line]);
            grant.Lines[line] += grant.Units[unit];
        }

        result.Goods = grant.Total();
    }

    private void Picked(long desired, ref Grant result)
    {
        result.Desired = desired;
        result.Goods = spread.OverTaken(lines.AsSpan(0, lineCount), desired, sets.TakenSum);
    }

    private void Incomplete(ref Grant result) => (result.Reason, result.Missing, result.MissingIsQuantity) = (ReasonCode.BelowThreshold, sets.Missing, true);

    private static void Give(Mechanic mechanic, int reached, ref Grant result)
    {
        var step = mechanic.GiftPerTimes ? 0 : reached;
        var gift = mechanic.Gifts[step];
        var times = mechanic.GiftPerTimes ? result.Basis / mechanic.Steps[0].Threshold : 1;
        result.Level = mechanic.GiftPerTimes ? times : reached + 1;
        result.GiftStep = step;
        result.GiftCount = (int)Math.Min(int.MaxValue, Times(gift.Quantity, times));
        result.GiftValue = Times(gift.Value, result.GiftCount);
    }

    private void Shorten(CompiledCampaign campaign, long left, ref Grant result)
    {
        if (!campaign.PartialBudget || left <= 0)
        {
            result = Grant.Refused(ReasonCode.BudgetExhausted) with { Desired = result.Desired };
            return;
        }

        if (campaign.Mechanic.Kind == MechanicKind.FreeShipping)
            result.Shipping = left;
        else if (campaign.Mechanic.Kind is MechanicKind.Tiers or MechanicKind.Every or MechanicKind.AmountPerOrder && onlyUnit < 0)
            result.Goods = OverOrder(left, result.Sum);
        else
            result.Goods = spread.Scale(left, result.Goods);
    }

    private static long Plus(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    private static long Times(long a, long b) => (long)Int128.Min((Int128)a * b, long.MaxValue);
}
