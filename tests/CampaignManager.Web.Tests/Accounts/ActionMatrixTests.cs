using System.Reflection;
using System.Runtime.CompilerServices;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Accounts;

/// <summary>
/// Role × action: everything the services do for a person, found by its <see cref="Actor"/>, so that a new action without a line here fails. Services refuse by
/// themselves whatever pages and routes show.
/// </summary>
public sealed class ActionMatrixTests(WebApp app) : IClassFixture<WebApp>
{
    private static readonly string[] Admins = [Roles.Admin];
    private static readonly string[] Importers = [Roles.Marketer, Roles.Admin];
    private static readonly string[] Staff = [Roles.Marketer, Roles.Manager, Roles.Admin];

    /// <summary>The role alone does not decide, but whose the thing is and how far it got: CampaignLifecycleTests walks every combination, the services' own tests the rest.</summary>
    private static readonly string[]? ByWhoseItIs = null;

    /// <summary>No role does by itself, but the right that an admin has or grants: CustomersApiTests and CustomerTimelineTests have it.</summary>
    private static readonly string[] ByTheRight = [];

    private static readonly Dictionary<string, string[]?> Actions = new()
    {
        ["ApiKeyService.ChangePagesAsync"] = Admins,
        ["ApiKeyService.CreateAsync"] = Admins,
        ["ApiKeyService.ListAsync"] = Admins,
        ["ApiKeyService.RevokeAsync"] = Admins,
        ["ApiKeyService.RotateTokenSecretAsync"] = Admins,
        ["AudienceService.CreateAsync"] = Staff,
        ["AudienceService.DeleteAsync"] = Staff,
        ["AudienceService.SaveAsync"] = Staff,
        ["AuditLog.LeaveAsync"] = ByWhoseItIs,
        ["AuditLog.ListAsync"] = Admins,
        ["CampaignChangeService.ApproveAsync"] = ByWhoseItIs,
        ["CampaignChangeService.ExtendAsync"] = ByWhoseItIs,
        ["CampaignChangeService.RejectAsync"] = ByWhoseItIs,
        ["CampaignChangeService.TopUpAsync"] = ByWhoseItIs,
        ["CampaignImportService.ApplyAsync"] = Staff,
        ["CampaignImportService.PlanAsync"] = Staff,
        ["CampaignService.CreateDraftAsync"] = Staff,
        ["CampaignService.DeleteDraftAsync"] = ByWhoseItIs,
        ["CampaignService.DuplicateAsync"] = ByWhoseItIs,
        ["CampaignService.ReviseAsync"] = ByWhoseItIs,
        ["CampaignService.SaveAsync"] = ByWhoseItIs,
        ["CampaignTransitions.ApproveAsync"] = ByWhoseItIs,
        ["CampaignTransitions.ArchiveAsync"] = ByWhoseItIs,
        ["CampaignTransitions.EndAsync"] = ByWhoseItIs,
        ["CampaignTransitions.LaunchAsync"] = ByWhoseItIs,
        ["CampaignTransitions.PauseAsync"] = ByWhoseItIs,
        ["CampaignTransitions.RejectAsync"] = ByWhoseItIs,
        ["CampaignTransitions.ResumeAsync"] = ByWhoseItIs,
        ["CampaignTransitions.SubmitAsync"] = ByWhoseItIs,
        ["CampaignTransitions.WithdrawAsync"] = ByWhoseItIs,
        ["CartExampleService.AcceptAsync"] = ByWhoseItIs,
        ["CartExampleService.DeleteAsync"] = ByWhoseItIs,
        ["CartExampleService.SaveAsync"] = ByWhoseItIs,
        ["CodeService.IssueAsync"] = ByWhoseItIs,
        ["CodeService.RevokeAsync"] = ByWhoseItIs,
        ["CodeService.RestoreAsync"] = ByWhoseItIs,
        ["CodeService.RestoreBatchAsync"] = ByWhoseItIs,
        ["CodeService.RevokeBatchAsync"] = ByWhoseItIs,
        ["CompleteExports.MissingAsync"] = Importers,
        ["CompleteExports.RemoveAsync"] = Importers,
        ["CustomerList.ChoicesAsync"] = ByTheRight,
        ["CustomerList.ListAsync"] = ByTheRight,
        ["CustomerProfiles.FindAsync"] = ByTheRight,
        ["CustomerSearch.FindAsync"] = ByTheRight,
        ["CustomerStandings.ListAsync"] = ByTheRight,
        ["CustomerTimeline.ListAsync"] = ByTheRight,
        ["DemoShopService.StartAsync"] = Admins,
        ["DemoShopService.RemoveAsync"] = Admins,
        ["DraftAutosave.CreateAsync"] = ByWhoseItIs,
        ["DraftAutosave.SaveAsync"] = ByWhoseItIs,
        ["DraftOwners.HandOverAsync"] = ByWhoseItIs,
        ["EpochService.BeginMeasuringAsync"] = [Roles.Manager, Roles.Admin],
        ["ErasureService.FindAsync"] = Admins,
        ["ErasureService.StartAsync"] = Admins,
        ["FeatureRows.FindAsync"] = ByTheRight,
        ["ImportService.AddFileAsync"] = Importers,
        ["ImportService.AnswerAsync"] = Importers,
        ["ImportService.CancelAsync"] = Importers,
        ["ImportService.DiscardAsync"] = Importers,
        ["ImportService.InspectAsync"] = Importers,
        ["ImportService.SayKindAsync"] = Importers,
        ["ImportService.StartAsync"] = Importers,
        ["ImportService.TryAsync"] = Importers,
        ["ImportService.UndoAsync"] = Importers,
        ["ImportService.UploadAsync"] = Importers,
        ["ImportTemplateService.DeleteAsync"] = Importers,
        ["ImportTemplateService.SaveAsync"] = Importers,
        ["JobService.CancelAsync"] = ByWhoseItIs,
        ["LoopService.MendAsync"] = Admins,
        ["ModelService.PromoteAsync"] = Admins,
        ["ModelService.RollbackAsync"] = Admins,
        ["ProfileService.ChangePasswordAsync"] = ByWhoseItIs,
        ["ProfileService.SaveAsync"] = ByWhoseItIs,
        ["ExperimentPlanner.PlanAsync"] = Staff,
        ["QualityService.SaveThresholdsAsync"] = Admins,
        ["ReplayService.CancelAsync"] = ByWhoseItIs,
        ["ReplayService.StartAsync"] = Staff,
        ["RetentionService.PruneAsync"] = Admins,
        ["RetentionService.SaveAsync"] = Admins,
        ["ScheduleList.HistoryAsync"] = Admins,
        ["ScheduleList.ListAsync"] = Admins,
        ["ScheduleService.CreateAsync"] = Admins,
        ["ScheduleService.DeleteAsync"] = Admins,
        ["ScheduleService.PauseAsync"] = Admins,
        ["ScheduleService.RunNowAsync"] = Admins,
        ["ScheduleService.UpdateAsync"] = Admins,
        ["CustomerScoringService.StartAsync"] = Admins,
        ["SessionService.EndAsync"] = ByWhoseItIs,
        ["ShopImportService.LookAsync"] = Importers,
        ["ShopImportService.TryAsync"] = Importers,
        ["SettingsService.SaveAsync"] = Admins,
        ["SuggestionService.ApplyAsync"] = ByWhoseItIs,
        ["SuggestionService.DismissAsync"] = Staff,
        ["SuggestionService.TestAsync"] = ByWhoseItIs,
        ["SuggestionService.UndoAsync"] = ByWhoseItIs,
        ["SystemStateService.ReadAsync"] = Admins,
        ["TestCartService.PriceAsync"] = Staff,
        ["TrainingService.CancelAsync"] = Admins,
        ["TrainingService.StartAsync"] = Admins,
        ["UserList.ListAsync"] = Admins,
        ["UserService.CreateAsync"] = Admins,
        ["UserService.DisableAsync"] = Admins,
        ["UserService.EnableAsync"] = Admins,
        ["UserService.ResetPasswordAsync"] = Admins,
        ["UserService.UpdateAsync"] = Admins,
        ["WebhookLog.GetAsync"] = Admins,
        ["WebhookLog.ListAsync"] = Admins,
        ["WebhookService.CreateAsync"] = Admins,
        ["WebhookService.DeleteAsync"] = Admins,
        ["WebhookService.GetAsync"] = Admins,
        ["WebhookService.ListAsync"] = Admins,
        ["WebhookService.RedeliverAsync"] = Admins,
        ["WebhookService.RotateAsync"] = Admins,
        ["WebhookService.SaveAsync"] = Admins,
        ["WebhookService.TestAsync"] = Admins,
    };

    private static IEnumerable<MethodInfo> Methods => typeof(Actor).Assembly.GetTypes()
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(m => m.GetParameters().Any(p => p.ParameterType == typeof(Actor)))
        .Where(m => m.ReturnType.IsGenericType && typeof(Outcome).IsAssignableFrom(m.ReturnType.GetGenericArguments()[0]));

    [Fact]
    public void Actions_All_AreListed() =>
        Assert.Equal(Methods.Select(NameOf).Distinct().Order(StringComparer.Ordinal), Actions.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(null)]
    [InlineData(Roles.Marketer)]
    [InlineData(Roles.Manager)]
    [InlineData(Roles.Admin)]
    public async Task Actions_ByARoleThatMayNot_AreForbidden(string? role)
    {
        var actor = role is null ? Actor.Of("nobody", "Nobody") : Actor.Of("somebody", "Somebody", role);
        var wrong = new List<string>();
        foreach (var method in Methods.Where(m => Actions[NameOf(m)] is { } roles && !roles.Contains(role)))
        {
            await using var scope = app.Services.CreateAsyncScope();
            var service = scope.ServiceProvider.GetRequiredService(method.DeclaringType!);
            var task = (Task)method.Invoke(service, [.. method.GetParameters().Select(p => p.ParameterType == typeof(Actor) ? actor : Anything(p.ParameterType))])!;
            await task;
            var outcome = (Outcome)task.GetType().GetProperty("Result")!.GetValue(task)!;
            if (outcome.Failure?.Kind != FailureKind.Forbidden)
                wrong.Add($"{NameOf(method)}: {outcome.Failure?.Message ?? "done"}");
        }

        Assert.True(wrong.Count == 0, $"{role ?? "no role"} is not refused by\n{string.Join('\n', wrong)}");
    }

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    /// <summary>Who may not is refused whatever was asked, mostly before anybody looks at it.</summary>
    private static object? Anything(Type type)
    {
        if (type == typeof(string))
            return "anything";
        if (type == typeof(CancellationToken))
            return TestContext.Current.CancellationToken;
        if (type == typeof(IReadOnlyCollection<string>))
            return new[] { Roles.Marketer };
        return type.IsInterface || type.IsAbstract || type.IsArray ? null : RuntimeHelpers.GetUninitializedObject(type);
    }
}
