namespace CampaignManager.Engine.Uplift.Learners.Meta;

/// <summary>What every learner does to its data first.</summary>
internal static class TrainingRows
{
    private const double Smallest = 0.02;

    /// <summary>1 / P(own arm), mean 1 over the rows, where propensities differ; null where they do not.</summary>
    public static double[]? Weights(UpliftTask task, int[] rows)
    {
        if (rows.Length == 0) return null;
        var first = task.Propensity[rows[0]];
        if (rows.All(i => Math.Abs(task.Propensity[i] - first) < 1e-9)) return null;
        var weights = new double[task.X.Rows];
        double sum = 0;
        foreach (var i in rows)
        {
            weights[i] = 1 / Math.Max(Smallest, task.Treated[i] ? task.Propensity[i] : 1 - task.Propensity[i]);
            sum += weights[i];
        }
        foreach (var i in rows) weights[i] *= rows.Length / sum;
        return weights;
    }

    /// <summary>
    /// Money has a heavy tail in which no tree can learn: amounts above the 99.5 percentile of all that is not 0 are cut there, and the rest raised so that the mean stays.
    /// </summary>
    public static UpliftTask Winsorise(UpliftTask task, int[] rows)
    {
        if (task.Binary || rows.Length == 0) return task;
        double[] sizes = [.. rows.Where(i => task.Outcome[i] != 0).Select(i => Math.Abs(task.Outcome[i])).Order()];
        if (sizes.Length < 20) return task;
        double limit = sizes[(int)(0.995 * (sizes.Length - 1))], before = 0, after = 0;
        var outcome = (double[])task.Outcome.Clone();
        foreach (var i in rows)
        {
            before += outcome[i];
            outcome[i] = Math.Clamp(outcome[i], -limit, limit);
            after += outcome[i];
        }
        var raise = after == 0 ? 1 : Math.Clamp(before / after, 1, 2);
        if (raise != 1)
            foreach (var i in rows) outcome[i] *= raise;
        return task with { Outcome = outcome };
    }

    /// <summary>The rows of one arm; an array of just their number.</summary>
    public static int[] OfArm(UpliftTask task, int[] rows, bool treated)
    {
        var own = new int[rows.Count(i => task.Treated[i] == treated)];
        var next = 0;
        foreach (var i in rows)
            if (task.Treated[i] == treated) own[next++] = i;
        return own;
    }

    /// <summary>Mean propensity of the rows.</summary>
    public static double MeanPropensity(UpliftTask task, int[] rows) => rows.Length == 0 ? 0.5 : rows.Average(i => task.Propensity[i]);

    /// <summary>Rows of the smaller arm, twice: what an even experiment of the same power would have.</summary>
    public static int Effective(UpliftTask task, int[] rows)
    {
        var treated = rows.Count(i => task.Treated[i]);
        return 2 * Math.Min(treated, rows.Length - treated);
    }
}
