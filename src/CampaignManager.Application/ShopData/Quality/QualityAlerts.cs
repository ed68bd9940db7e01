using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Notifications;
using CampaignManager.Application.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.ShopData.Quality;

/// <summary>Tells of a check that became worse or good again: in the bell and by webhook, once for each change, whoever finds it.</summary>
internal sealed class QualityAlerts(NotificationService notifications)
{
    /// <summary>Within the transaction that keeps the reports; <see cref="NotificationService.Announce"/> follows its commit.</summary>
    /// <returns>Whose bells have something new.</returns>
    public async Task<IReadOnlyCollection<string>> TellAsync(AppDbContext context, Measured measured, Guid report, DateTime now, CancellationToken cancel)
    {
        var changed = new List<QualityGrade>();
        foreach (var check in QualityChecks.All)
        {
            var worst = measured.Findings.Where(f => f.Check == check).OrderByDescending(f => f.Grade).ThenByDescending(f => f.Value).FirstOrDefault();
            var grade = worst?.Grade ?? QualityGrade.Ok;
            if (await ChangeAsync(context, measured, check, grade, now, cancel) is not { } was)
                continue;
            changed.Add(grade);
            await context.TellAsync(
                WebhookTopics.DataQuality, $"quality:{report}:{check}",
                new
                {
                    measured.Source,
                    measured.Table,
                    check,
                    column = worst?.Column is { Length: > 0 } column ? column : null,
                    from = Word(was),
                    to = Word(grade),
                    value = worst?.Value,
                },
                new DateTimeOffset(now, TimeSpan.Zero), cancel);
        }

        return changed.Count == 0 ? [] : await RingAsync(context, measured, changed.Max(), cancel);
    }

    /// <summary>One notice a table, whatever of it changed.</summary>
    private async Task<IReadOnlyCollection<string>> RingAsync(AppDbContext context, Measured measured, QualityGrade grade, CancellationToken cancel)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var role in (string[])[Roles.Admin, Roles.Marketer])
        {
            told.UnionWith(await notifications.AddForRoleAsync(
                context, role, $"quality-{Word(grade)}", $"{(measured.Source.Length == 0 ? "" : measured.Source + " · ")}{measured.Table}",
                $"/data/quality?source={Uri.EscapeDataString(measured.Source)}&table={measured.Table}", null, told, cancel));
        }

        return told;
    }

    /// <returns>The grade before; null where it has not changed, or somebody else told of it.</returns>
    private static async Task<QualityGrade?> ChangeAsync(AppDbContext context, Measured measured, string check, QualityGrade grade, DateTime now, CancellationToken cancel)
    {
        var state = await context.QualityStates.AsNoTracking()
            .SingleOrDefaultAsync(s => s.Source == measured.Source && s.Table == measured.Table && s.Check == check, cancel);
        if (state is null)
        {
            context.QualityStates.Add(new QualityState { Source = measured.Source, Table = measured.Table, Check = check, Grade = grade, Since = now });
            await context.SaveChangesAsync(cancel);
            return grade == QualityGrade.Ok ? null : QualityGrade.Ok;
        }

        if (state.Grade == grade)
            return null;
        var was = state.Grade;
        var changed = await context.QualityStates.Where(s => s.Source == measured.Source && s.Table == measured.Table && s.Check == check && s.Grade == was)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.Grade, grade).SetProperty(x => x.Since, now), cancel);
        return changed == 1 ? was : null;
    }

    private static string Word(QualityGrade grade) => grade switch
    {
        QualityGrade.Ok => "ok",
        QualityGrade.Warn => "warn",
        QualityGrade.Fail => "fail",
        _ => throw new ArgumentOutOfRangeException(nameof(grade)),
    };
}
