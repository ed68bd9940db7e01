using System.Text.RegularExpressions;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>
/// A first mapping by the columns' names and values, for a person to look over. What is not clear stays empty rather than wrong.
/// </summary>
public static partial class MappingGuess
{
    private const double Mostly = 0.75;

    public static DataSetMapping Of(FileInspection file, string fileName, string currency)
    {
        var left = file.Columns.ToList();
        var customer = Take(left, c => CustomerName().IsMatch(c.Name) && c.NearlyUnique && c.Missing == 0);
        var treatment = left.Select(c => (Column: c, Score: TreatmentScore(c))).Where(c => c.Score > 0).OrderByDescending(c => c.Score).Select(c => c.Column).FirstOrDefault();
        left.Remove(treatment!);
        treatment = treatment?.AsTreatment();
        var split = Take(left, c => SplitName().IsMatch(c.Name) && c.Values.Any(v => v.Text == "train") && c.Values.Any(v => v.Text == "test"));
        var propensity = Take(left, c => PropensityName().IsMatch(c.Name) && c.WithinUnit && c.Missing == 0);
        // A few dirty values do not make an outcome a feature: their rows will be rejected with a reason.
        var outcomes = left.Where(c => OutcomeName().IsMatch(c.Name) && (c.BinaryShare > Mostly || c.NumericShare > Mostly)).ToList();
        left.RemoveAll(outcomes.Contains);
        // Whether a customer was reached follows from the treatment, and what is called an outcome is one: neither may be learnt from.
        var after = left.Where(c => OutcomeName().IsMatch(c.Name) || (treatment is not null && AfterName().IsMatch(c.Name))).ToList();
        var ignored = after.Concat(left.Where(c => CustomerName().IsMatch(c.Name) && c.NearlyUnique)).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var control = treatment?.Values.Select(v => v.Text).FirstOrDefault(IsControl) ?? "";
        return new DataSetMapping
        {
            Name = Path.GetFileNameWithoutExtension(fileName.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? fileName[..^3] : fileName),
            CustomerId = customer?.Name,
            Treatment = new TreatmentMapping(treatment?.Name ?? "", control, ArmsOf(treatment, control)),
            Outcomes = [.. outcomes.Select(c => IsYesNo(c) ? new OutcomeMapping(c.Name, UpliftOutcome.Binary) : new OutcomeMapping(c.Name, UpliftOutcome.Money, currency))],
            Features = ignored.Count == 0 ? null : [.. left.Where(c => !ignored.Contains(c.Name)).Select(c => c.Name)],
            Propensity = propensity is null ? null : new PropensityMapping(null, propensity.Name),
            Split = split is null ? null : new SplitMapping(split.Name, "train", "test"),
        };
    }

    /// <summary>The treated arms of a column once its control value is chosen.</summary>
    public static IReadOnlyList<string> ArmsOf(ColumnProfile? treatment, string control) => treatment is null || treatment.Distinct > DataSetPlan.MaxArms
        ? []
        : [.. treatment.Values.Select(v => v.Text).Where(v => v != control).Order(StringComparer.Ordinal)];

    public static bool IsControl(string value) => ControlValue().IsMatch(value);

    // Money is mostly 0 as well, and a number of purchases has more values than two: only yes and no with a few words among them is yes/no.
    private static bool IsYesNo(ColumnProfile column) => column.Binary || (!column.Numeric && column.BinaryShare > Mostly && column.Distinct <= 4);

    private static int TreatmentScore(ColumnProfile column)
    {
        if (column.AsTreatment().Distinct is not (>= 2 and <= DataSetPlan.MaxArms))
            return 0;
        var byName = TreatmentName().IsMatch(column.Name) ? 4 : 0;
        var byValue = column.Values.Any(v => v.Text != "0" && IsControl(v.Text)) ? 3 : 0;
        // A yes/no column is a treatment only when it is called one.
        return byName == 0 && (column.Binary || column.Numeric) ? 0 : byName + byValue >= 3 ? byName + byValue : 0;
    }

    private static ColumnProfile? Take(List<ColumnProfile> left, Func<ColumnProfile, bool> which)
    {
        var found = left.FirstOrDefault(which);
        left.Remove(found!);
        return found;
    }

    [GeneratedRegex(@"^(row_?|customer_?|cust_?|user_?|client_?|member_?|visitor_?|shopper_?|account_?)?(id|key|no|number)$|^(uid|email|e_mail|phone)$|(客户|用户|会员|顾客)(编号|id|号)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CustomerName();

    [GeneratedRegex(@"(^|_|\b)(treat(ment|ed)?|arm|group|variant|assign(ment|ed)?|bucket|cell|segment|test_?group|campaign)($|_|\b)|gruppe|分组|实验组|组别|干预|处理", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TreatmentName();

    [GeneratedRegex(@"^(0|control|ctrl|holdout|hold-out|placebo|none|baseline|untreated|no|no[ _-].*|not?[ _-]?treat.*|without.*|keine?|ohne.*|对照组?|空白组?|无|未.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ControlValue();

    [GeneratedRegex(@"^(split|fold|set|partition|数据集)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SplitName();

    [GeneratedRegex(@"^(propensity(_score)?|p_?treat(ment|ed)?|ps|倾向(得分|分)?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PropensityName();

    [GeneratedRegex(@"^(visit(ed|s)?|conver(sion|ted|t)s?|purchase[ds]?|bought|buy|order(ed|s)?|click(ed|s)?|respon[sd](e|ded)?|outcome|label|target|y|spend|spent|revenue|amount|gmv|sales|margin|profit|(访问|点击|转化|购买|下单|成交)(数|率|额|金额)?|是否(访问|点击|转化|购买|下单|成交)|消费(金额|额)?|金额|销售额|毛利)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OutcomeName();

    [GeneratedRegex(@"^(exposure|exposed|opened|delivered|redeemed|曝光|触达|核销)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AfterName();
}
