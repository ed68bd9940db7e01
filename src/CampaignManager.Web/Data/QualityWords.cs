using System.Globalization;
using CampaignManager.Application.ShopData.Quality;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Data;

/// <summary>Reports of quality in the reader's words.</summary>
public sealed class QualityWords(IStringLocalizer<SourceTexts> texts)
{
    private const int Shown = 3;

    public string Source(string source) => source.Length == 0 ? texts["NoSource"] : source;

    public string Value(QualityFinding finding) => finding.Check switch
    {
        QualityChecks.Drift => finding.Value.ToString("N2", CultureInfo.CurrentCulture),
        QualityChecks.Gaps => texts["Days", finding.Value.ToString("N0", CultureInfo.CurrentCulture)],
        _ => DataWords.Percent(finding.Value),
    };

    /// <summary>What is not good, the gravest first; a dash where all is.</summary>
    public string Worst(QualityReport report) => Bad(report) is { Length: > 0 } bad ? bad : "–";

    private string Bad(QualityReport report) => string.Join("; ", report.Read().Where(f => f.Grade != QualityGrade.Ok).OrderByDescending(f => f.Grade).Take(Shown)
        .Select(f => $"{texts["Check." + f.Check].Value} {(f.Column.Length == 0 ? "" : f.Column + " ")}{Value(f)}"));
}
