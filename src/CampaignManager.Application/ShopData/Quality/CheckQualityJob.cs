using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Notifications;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.ShopData.Quality;

/// <summary>Nothing to choose: all sources are measured.</summary>
public sealed record CheckQuality;

/// <summary>Measures what every source said, keeps the reports and tells of what changed. Run twice it finds the same and tells nothing new.</summary>
internal sealed class CheckQualityJob(
    IDbContextFactory<AppDbContext> contexts, DataLake lake, QualityService quality, QualityAlerts alerts, NotificationService notifications, TimeProvider time) : IJob
{
    public const string Kind = "check-quality";

    private static readonly JobStage Measuring = new("measuring-quality");

    public static readonly JobKind Declared = new(Kind, Measuring);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    public sealed record Result(int Reports, int Warn, int Fail);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var thresholds = (await quality.SettingsAsync(cancellationToken)).ReadThresholds();
        var now = time.GetUtcNow().UtcDateTime;
        List<Measured> all = [];
        for (var i = 0; i < WatchedTable.All.Count; i++)
        {
            await context.ReportAsync(Measuring, i / (double)WatchedTable.All.Count, cancellationToken);
            var table = WatchedTable.All[i];
            all.AddRange(await Task.Run(
                () =>
                {
                    using var connection = lake.Open();
                    return new QualityMeasure(lake, connection, thresholds, now).Table(table);
                },
                cancellationToken));
        }

        var told = await SaveAsync(all, now, cancellationToken);
        notifications.Announce(told);
        return new Result(all.Count, all.Count(m => GradeOf(m) == QualityGrade.Warn), all.Count(m => GradeOf(m) == QualityGrade.Fail));
    }

    private async Task<IReadOnlyCollection<string>> SaveAsync(List<Measured> all, DateTime now, CancellationToken cancel)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        await using var context = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        await RunClaim.HoldAsync(context, cancel);
        foreach (var measured in all)
        {
            var report = new QualityReport
            {
                Id = Guid.CreateVersion7(time.GetUtcNow()),
                Source = measured.Source,
                Table = measured.Table,
                At = now,
                Rows = measured.Rows,
                RowsBefore = measured.RowsBefore,
                Grade = GradeOf(measured),
                Findings = JsonSerializer.Serialize(measured.Findings, JsonSerializerOptions.Web),
            };
            context.QualityReports.Add(report);
            told.UnionWith(await alerts.TellAsync(context, measured, report.Id, now, cancel));
        }

        await context.SaveChangesAsync(cancel);
        var oldest = now - Kept;
        await context.QualityReports.Where(r => r.At < oldest).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        return told;
    }

    private static QualityGrade GradeOf(Measured measured) => measured.Findings.Select(f => f.Grade).DefaultIfEmpty().Max();
}
