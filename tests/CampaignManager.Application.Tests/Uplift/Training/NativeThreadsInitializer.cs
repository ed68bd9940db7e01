using System.Runtime.CompilerServices;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.Uplift.Training;

internal static class NativeThreadsInitializer
{
    [ModuleInitializer]
    internal static void WaitQuietly() => NativeThreads.WaitQuietly();
}
